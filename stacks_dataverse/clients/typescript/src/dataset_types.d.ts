// Written by `python -m scripts.docs.typescript_types` from the JSON Schemas; change it there.

/** The JSON file of each dataset, by name. */
export interface Datasets {
  /** Canonical transactions per day. */
  daily_txs: {
    dataset: "daily_txs";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {};
    data: {
      /** UTC day */
      day: string;
      /** canonical transactions of the day; null if the day is not loaded */
      tx_count: number | null;
    }[];
  };
  /** Accounts ever seen, cumulative. */
  addx_growth: {
    dataset: "addx_growth";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {};
    data: {
      /** UTC day */
      day: string;
      /** accounts ever seen, up to the day; null if the day is not loaded, or an earlier one is missing */
      total_accounts: number | null;
    }[];
  };
  /** Accounts that took part in a canonical transaction of the day. */
  addx_dailyactive: {
    dataset: "addx_dailyactive";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {};
    data: {
      /** UTC day */
      day: string;
      /** accounts that took part in a transaction of the day; null if the day is not loaded */
      active_accounts: number | null;
    }[];
  };
  /** Balances of 10,000 STX or more, the largest first, and the number of accounts with a positive balance, at the end of the day. */
  wallet_balances_raw: {
    dataset: "wallet_balances_raw";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      balance_stx: string;
    };
    data: {
      /** balance of an account with 10,000 STX or more; null if there is none, or an earlier day is missing */
      balance_stx: number | null;
      /** accounts with a positive balance, the same in each row; null if an earlier day is missing */
      holders: number | null;
    }[];
  };
  /** Accounts with 10,000 STX or more by balance at the end of the day, in bins of 500 STX labelled by their lower edge; the bin of 10,000,000 has no upper limit. */
  wallet_balances: {
    dataset: "wallet_balances";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      from_stx: string;
    };
    data: {
      /** lower edge of the bin; a bin without a row has no accounts, STX; null if an earlier day is missing */
      from_stx: number | null;
      /** accounts in the bin; null if an earlier day is missing */
      holders: number | null;
    }[];
  };
  /** Accounts with a positive balance at the end of the day. */
  wallet_balances_nonzero: {
    dataset: "wallet_balances_nonzero";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {};
    data: {
      /** UTC day */
      day: string;
      /** accounts with a positive balance at the end of the day; null if the day is not loaded, or an earlier one is missing */
      holders: number | null;
    }[];
  };
  /** Canonical blocks. An interval is the time of a block less that of its parent, counted where both are blocks of the day: the day's first block, whose parent is of an earlier day, has none. A tenure is the blocks of one Bitcoin block, before Nakamoto one block; of a tenure that spans midnight each day counts its own blocks. A tenure extend is a tenure change with a cause other than a found block. Percentiles are of values that occur, the lower of two in the middle. Execution costs are the sums that the API keeps of each block. */
  blocks: {
    dataset: "blocks";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      interval_p50_seconds: string;
      interval_p95_seconds: string;
      tx_bytes: string;
    };
    data: {
      /** UTC day */
      day: string;
      /** canonical blocks */
      blocks: number;
      /** median interval, seconds; null without an interval */
      interval_p50_seconds: number | null;
      /** 95th percentile, seconds; null without an interval */
      interval_p95_seconds: number | null;
      /** tenures with a block on the day */
      tenures: number;
      /** median of the day's blocks of a tenure; null on a day without a block */
      tenure_blocks_p50: number | null;
      /** most blocks of a tenure on the day; null on a day without a block */
      tenure_blocks_max: number | null;
      /** canonical transactions */
      tx_count: number;
      /** median of the day's transactions of a tenure; null on a day without a block */
      tenure_txs_p50: number | null;
      /** most transactions of a tenure on the day; null on a day without a block */
      tenure_txs_max: number | null;
      /** size of the blocks' transactions, bytes; null on a day without a block, and where the API's version does not keep it */
      tx_bytes: number | null;
      /** tenure extends, of any cause */
      tenure_extends: number;
      /** those that renew all of the budget */
      extended_all: number;
      /** those that renew the budget of runtime alone (SIP-034) */
      extended_runtime: number;
      /** those that renew the budget of read_count alone (SIP-034) */
      extended_read_count: number;
      /** those that renew the budget of read_length alone (SIP-034) */
      extended_read_length: number;
      /** those that renew the budget of write_count alone (SIP-034) */
      extended_write_count: number;
      /** those that renew the budget of write_length alone (SIP-034) */
      extended_write_length: number;
      /** execution cost: computing, in the units of the cost functions */
      runtime: number;
      /** most runtime of a block; null on a day without a block */
      runtime_max: number | null;
      /** execution cost: reads from the data of contracts */
      read_count: number;
      /** most read_count of a block; null on a day without a block */
      read_count_max: number | null;
      /** execution cost: bytes read */
      read_length: number;
      /** most read_length of a block; null on a day without a block */
      read_length_max: number | null;
      /** execution cost: writes to the data of contracts */
      write_count: number;
      /** most write_count of a block; null on a day without a block */
      write_count_max: number | null;
      /** execution cost: bytes written */
      write_length: number;
      /** most write_length of a block; null on a day without a block */
      write_length_max: number | null;
    }[];
  };
  /** Each bond at the end of the day: its terms in bond_setups, the sums of bond_changes, and of bond_exits before its end. Bound sats are the registered ones less those that left early, before the cycle in which the bond ends; STX stay bound until then. */
  bonds: {
    dataset: "bonds";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      target_rate_bp: string;
      capacity_sats: string;
      bound_sats: string;
      bound_l1_sats: string;
      bound_ustx: string;
      exited_sats: string;
      target_sats: string;
      paid_sats: string;
      shortfall_sats: string;
      claimed_sats: string;
    };
    data: {
      /** UTC day */
      day: string;
      /** number of the bond */
      bond_index: number;
      /** open before its start, then running, then ended */
      status: string;
      /** yearly yield that it aims at, on its sats, basis points */
      target_rate_bp: number;
      /** its first reward cycle */
      first_cycle: number;
      /** Bitcoin height at which it begins */
      start_height: number;
      /** first cycle after its end */
      unlock_cycle: number;
      /** first Bitcoin height at which its STX are no longer locked */
      unlock_height: number;
      /** stakers that may register */
      allowed: number;
      /** sats that they may register, satoshis */
      capacity_sats: number;
      /** stakers that registered */
      registrations: number;
      /** sBTC and BTC on Bitcoin that are bound, satoshis */
      bound_sats: number;
      /** of them, BTC on Bitcoin, satoshis */
      bound_l1_sats: number;
      /** STX bound, µSTX */
      bound_ustx: number;
      /** members that withdrew all their sBTC, or announced that their BTC left on Bitcoin, before its end */
      early_exits: number;
      /** sats that left early, in whole or in part, satoshis */
      exited_sats: number;
      /** distributions, two a cycle */
      distributions: number;
      /** sum of their target yields, satoshis */
      target_sats: number;
      /** sum of what they paid, satoshis */
      paid_sats: number;
      /** target minus paid, satoshis */
      shortfall_sats: number;
      /** settled for stakers, before their signer manager's fee, satoshis */
      claimed_sats: number;
    }[];
  };
  /** What each call of calculate-rewards paid to each bond: bond-distribution of PoX-5. The target is sats x rate / 10,000 / 50; bonds are served in the order of their stx_value_ratio while there are rewards. The reserve is that of stacking_distributions. Of the last 90 days. */
  bond_yields: {
    dataset: "bond_yields";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      staked_sats: string;
      target_sats: string;
      paid_sats: string;
      shortfall_sats: string;
      shortfall_share: string;
      realised_apy: string;
      reserve_sats: string;
      reserve_balance_sats: string;
    };
    data: {
      /** UTC day */
      day: string;
      /** last Bitcoin height of the half cycle that it pays */
      calculation_height: number;
      /** reward cycle that it pays */
      cycle: number;
      /** number of the bond */
      bond_index: number;
      /** sats of the bond in the cycle, sBTC and BTC on Bitcoin, satoshis */
      staked_sats: number;
      /** target yield of half a cycle, satoshis */
      target_sats: number;
      /** paid; at most the target, satoshis */
      paid_sats: number;
      /** target minus paid, satoshis */
      shortfall_sats: number;
      /** part of the target not paid; null if the target is 0 */
      shortfall_share: number | null;
      /** yearly yield if all distributions paid as much per sat; null if the bond has no sats */
      realised_apy: number | null;
      /** what the same calculation gave to the reserve, satoshis */
      reserve_sats: number;
      /** in the reserve after it, satoshis */
      reserve_balance_sats: number;
    }[];
  };
  /** Contracts deployed and called directly on the day, and all that were deployed up to it. */
  contracts: {
    dataset: "contracts";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      call_fee_ustx: string;
    };
    data: {
      /** UTC day */
      day: string;
      /** contracts deployed */
      deployments: number;
      /** deployments that failed */
      failed_deployments: number;
      /** distinct accounts that deployed them */
      deployers: number;
      /** distinct source codes among them */
      sources: number;
      /** contracts that were called directly */
      contracts_called: number;
      /** direct calls, failed ones included */
      calls: number;
      /** direct calls that failed */
      failed_calls: number;
      /** fees that direct calls paid, µSTX */
      call_fee_ustx: number;
      /** accounts that deployed for the first time; null if history is missing */
      new_deployers: number | null;
      /** source codes deployed for the first time; null if history is missing */
      new_sources: number | null;
      /** contracts deployed up to the day; null if history is missing */
      total_contracts: number | null;
      /** accounts that deployed up to the day; null if history is missing */
      total_deployers: number | null;
      /** distinct source codes up to the day; null if history is missing */
      total_sources: number | null;
    }[];
  };
  /** Successful deployments by Clarity version, of the last 90 days. */
  clarity_versions: {
    dataset: "clarity_versions";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {};
    data: {
      /** UTC day */
      day: string;
      /** version of Clarity that the deployment names; null if it names none, and the network's default applies */
      clarity_version: number | null;
      /** contracts deployed */
      deployments: number;
    }[];
  };
  /** Contracts that were successfully deployed on the day, in the order of the chain. */
  deployed_contracts: {
    dataset: "deployed_contracts";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {};
    data: {
      /** the contract: address.name */
      contract_id: string;
      /** account that deployed the contract */
      deployer: string;
      /** version of Clarity that the deployment names; null if it names none, and the network's default applies */
      clarity_version: number | null;
      /** SHA-256 of the source code as UTF-8, hex with 0x */
      source_sha256: string;
      /** height of the canonical block */
      block_height: number;
      /** hex with 0x */
      tx_id: string;
    }[];
  };
  /** Contracts called directly on the day that are among the first 100 by calls, by callers or by fees, in the order of their calls. */
  top_contracts: {
    dataset: "top_contracts";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      fee_ustx: string;
    };
    data: {
      /** the contract: address.name */
      contract_id: string;
      /** transactions that call the contract directly, failed ones included */
      calls: number;
      /** distinct senders of these */
      callers: number;
      /** those that failed */
      failed_calls: number;
      /** fees that all of them paid, µSTX */
      fee_ustx: number;
      /** rank by calls; equal ones share it */
      calls_rank: number;
      /** rank by callers; equal ones share it */
      callers_rank: number;
      /** rank by fee_ustx; equal ones share it */
      fees_rank: number;
    }[];
  };
  /** The 100 accounts with most successful deployments in the 30 days up to the day. */
  top_deployers: {
    dataset: "top_deployers";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {};
    data: {
      /** account that deployed the contract */
      deployer: string;
      /** contracts deployed */
      deployments: number;
      /** distinct source codes among them */
      sources: number;
    }[];
  };
  /** Swaps of each exchange and day, the last 90 days. Hop volume is what pools took, fees included, once for each pool on the way of a trade. Users' volume is the part of it that the sender of the transaction lost in the transaction, all its moves together: what only passes through on the way, or comes back, is not in it. A swap is worth its STX, whichever way they went; without STX its BTC (sBTC, xBTC or aBTC); without either it has no value here. BTC and USD at the day's close. */
  exchange_volume: {
    dataset: "exchange_volume";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string | null;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      volume_stx: string;
      volume_usd: string;
      user_volume_stx: string;
      user_volume_usd: string;
      fees_stx: string;
      fees_usd: string;
    };
    data: {
      /** UTC day */
      day: string;
      /** the exchange */
      protocol: string;
      /** swaps that took and gave something */
      swaps: number;
      /** transactions with such a swap */
      transactions: number;
      /** distinct senders of these */
      traders: number;
      /** pools with such a swap */
      pools: number;
      /** swaps without STX or BTC */
      unvalued_swaps: number;
      /** hop volume; null without the prices it needs: BTC needs them, STX only for USD */
      volume_stx: number | null;
      /** hop volume; null without the prices it needs: BTC needs them, STX only for USD */
      volume_usd: number | null;
      /** users' volume; null without the prices it needs: BTC needs them, STX only for USD */
      user_volume_stx: number | null;
      /** users' volume; null without the prices it needs: BTC needs them, STX only for USD */
      user_volume_usd: number | null;
      /** fees; null if no contract prints them, or without the prices it needs: BTC needs them, STX only for USD */
      fees_stx: number | null;
      /** fees; null if no contract prints them, or without the prices it needs: BTC needs them, STX only for USD */
      fees_usd: number | null;
    }[];
  };
  /** Pools, and what they traded with what: a row for each pair of tokens, of the day with swaps, those with the largest volume_stx first, 500 at most; unknown volumes are last, and of equal ones those with more swaps first. Hop volume is what pools took, fees included, once for each pool on the way of a trade. Users' volume is the part of it that the sender of the transaction lost in the transaction, all its moves together: what only passes through on the way, or comes back, is not in it. A swap is worth its STX, whichever way they went; without STX its BTC (sBTC, xBTC or aBTC); without either it has no value here. In USD at the close of the day, or, while that is not stored, of one of the two days before. */
  exchange_pools: {
    dataset: "exchange_pools";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      volume_stx: string;
      volume_usd: string;
      user_volume_stx: string;
      user_volume_usd: string;
    };
    data: {
      /** the exchange */
      protocol: string;
      /** contract that printed the swaps */
      contract: string;
      /** what the contract calls the pool: a principal or a number */
      pool: string;
      /** STX, or address.contract::asset; the one that sorts first; null if nothing moved */
      token_x: string | null;
      /** the other one; null if it did not move */
      token_y: string | null;
      /** swaps that took and gave something */
      swaps: number;
      /** transactions with such a swap */
      transactions: number;
      /** distinct senders of these */
      traders: number;
      /** token_x that pools took, smallest units of the token, µSTX of STX */
      x_in: string;
      /** token_y that pools took, smallest units of the token, µSTX of STX */
      y_in: string;
      /** part of x_in that senders lost in the transaction, smallest units of the token, µSTX of STX */
      user_x_in: string;
      /** part of y_in that senders lost in the transaction, smallest units of the token, µSTX of STX */
      user_y_in: string;
      /** fees in token_x, smallest units of the token, µSTX of STX; null if no contract prints them */
      x_fees: string | null;
      /** fees in token_y, smallest units of the token, µSTX of STX; null if no contract prints them */
      y_fees: string | null;
      /** hop volume; null without STX and BTC, or without the prices it needs: BTC needs them, STX only for USD */
      volume_stx: number | null;
      /** hop volume; null without STX and BTC, or without the prices it needs: BTC needs them, STX only for USD */
      volume_usd: number | null;
      /** users' volume; null without STX and BTC, or without the prices it needs: BTC needs them, STX only for USD */
      user_volume_stx: number | null;
      /** users' volume; null without STX and BTC, or without the prices it needs: BTC needs them, STX only for USD */
      user_volume_usd: number | null;
    }[];
  };
  /** Pairs of tokens of the day with swaps, those with the largest volume_stx first, 500 at most; unknown volumes are last, and of equal ones those with more swaps first. Hop volume is what pools took, fees included, once for each pool on the way of a trade. Users' volume is the part of it that the sender of the transaction lost in the transaction, all its moves together: what only passes through on the way, or comes back, is not in it. A swap is worth its STX, whichever way they went; without STX its BTC (sBTC, xBTC or aBTC); without either it has no value here. In USD at the close of the day, or, while that is not stored, of one of the two days before. */
  exchange_pairs: {
    dataset: "exchange_pairs";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      volume_stx: string;
      volume_usd: string;
      user_volume_stx: string;
      user_volume_usd: string;
    };
    data: {
      /** STX, or address.contract::asset; the one that sorts first; null if nothing moved */
      token_x: string | null;
      /** the other one; null if it did not move */
      token_y: string | null;
      /** swaps that took and gave something */
      swaps: number;
      /** transactions with such a swap */
      transactions: number;
      /** distinct senders of these */
      traders: number;
      /** pools of the pair with a swap */
      pools: number;
      /** exchanges of these pools */
      protocols: number;
      /** token_x that pools took, smallest units of the token, µSTX of STX */
      x_in: string;
      /** token_y that pools took, smallest units of the token, µSTX of STX */
      y_in: string;
      /** part of x_in that senders lost in the transaction, smallest units of the token, µSTX of STX */
      user_x_in: string;
      /** part of y_in that senders lost in the transaction, smallest units of the token, µSTX of STX */
      user_y_in: string;
      /** fees in token_x, smallest units of the token, µSTX of STX; null if no contract prints them */
      x_fees: string | null;
      /** fees in token_y, smallest units of the token, µSTX of STX; null if no contract prints them */
      y_fees: string | null;
      /** hop volume; null without STX and BTC, or without the prices it needs: BTC needs them, STX only for USD */
      volume_stx: number | null;
      /** hop volume; null without STX and BTC, or without the prices it needs: BTC needs them, STX only for USD */
      volume_usd: number | null;
      /** users' volume; null without STX and BTC, or without the prices it needs: BTC needs them, STX only for USD */
      user_volume_stx: number | null;
      /** users' volume; null without STX and BTC, or without the prices it needs: BTC needs them, STX only for USD */
      user_volume_usd: number | null;
    }[];
  };
  /** Fees of canonical transactions that users sent, successful or failed, by type; and fees per byte of the serialised transaction. A percentile is exact, by nearest rank: the lowest value that at least so many percent of the transactions do not exceed. The last 90 days. */
  fees: {
    dataset: "fees";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      fee_ustx: string;
      size_bytes: string;
      fee_p10_ustx: string;
      fee_p25_ustx: string;
      fee_p50_ustx: string;
      fee_p75_ustx: string;
      fee_p90_ustx: string;
      fee_p99_ustx: string;
      fee_per_byte_p10_ustx: string;
      fee_per_byte_p50_ustx: string;
      fee_per_byte_p90_ustx: string;
    };
    data: {
      /** UTC day */
      day: string;
      /** token_transfer, smart_contract, contract_call */
      tx_type: string;
      /** transactions */
      tx_count: number;
      /** fees they paid, µSTX */
      fee_ustx: number;
      /** their size, bytes */
      size_bytes: number;
      /** percentile 10 of their fees, µSTX */
      fee_p10_ustx: number;
      /** percentile 25 of their fees, µSTX */
      fee_p25_ustx: number;
      /** percentile 50 of their fees, µSTX */
      fee_p50_ustx: number;
      /** percentile 75 of their fees, µSTX */
      fee_p75_ustx: number;
      /** percentile 90 of their fees, µSTX */
      fee_p90_ustx: number;
      /** percentile 99 of their fees, µSTX */
      fee_p99_ustx: number;
      /** percentile 10 of their fees per byte; null if the source has no bytes of any */
      fee_per_byte_p10_ustx: number | null;
      /** percentile 50 of their fees per byte; null if the source has no bytes of any */
      fee_per_byte_p50_ustx: number | null;
      /** percentile 90 of their fees per byte; null if the source has no bytes of any */
      fee_per_byte_p90_ustx: number | null;
    }[];
  };
  /** Canonical transactions that failed and the fees they lost, by type and cause, of the last 90 days: aborted by the contract's response, aborted by a post-condition, or skipped as problematic. */
  failed_transactions: {
    dataset: "failed_transactions";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      fee_ustx: string;
      tx_share: string;
    };
    data: {
      /** UTC day */
      day: string;
      /** as named by the Stacks API */
      tx_type: string;
      /** abort_by_response, abort_by_post_condition, problematic_skipped */
      tx_status: string;
      /** transactions that failed so */
      tx_count: number;
      /** fees they paid all the same, µSTX */
      fee_ustx: number;
      /** their share of the day's transactions of the type */
      tx_share: number;
    }[];
  };
  /** Transactions of the mempool by the time since the API received them: those that wait, as in mempool_snapshots, and of the last 24 hours all that were received, with those that one with a higher fee replaced since. Ages count back from the newest time in the snapshot: of its tip, or of a receipt. */
  mempool_waiting: {
    dataset: "mempool_waiting";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string | null;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      fee_p50_ustx: string;
    };
    data: {
      /** where the band of ages begins, and the one before ends: 0, 60, 600, 3600, 21600, 86400, 259200 */
      min_age_seconds: number;
      /** transactions received, whatever became of them; null above 24 hours */
      received_count: number | null;
      /** of them, those that were replaced by fee; by another fork does not count; null above 24 hours */
      replaced_count: number | null;
      /** transactions that wait */
      waiting_count: number;
      /** their median fee, by nearest rank, µSTX; null for none */
      fee_p50_ustx: number | null;
    }[];
  };
  /** Transactions replaced by fee, of those received in the 24 hours before each tip snapshot of the last 7 days. */
  mempool_replacements: {
    dataset: "mempool_replacements";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string | null;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      replaced_share: string;
    };
    data: {
      /** when the source was read */
      taken_at: string;
      /** transactions that wait */
      waiting_count: number;
      /** transactions received in the 24 hours before */
      received_count: number;
      /** of them, those that were replaced by fee until then */
      replaced_count: number;
      /** share of the received that were replaced by fee; null if none was received */
      replaced_share: number | null;
    }[];
  };
  /** Principals with a positive balance at the end of the day; STX that are locked are part of a balance. By powers of ten of STX. */
  stx_holdings_by_band: {
    dataset: "stx_holdings_by_band";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      from_stx: string;
      balance_ustx: string;
      share: string;
    };
    data: {
      /** account or contract */
      holder_kind: string;
      /** lower edge of the band, a power of ten; 0 is below one STX, STX */
      from_stx: number;
      /** principals in it */
      holders: number;
      /** what they hold together, µSTX */
      balance_ustx: number;
      /** of all STX that holders of the kind hold */
      share: number;
    }[] | null;
  };
  /** Principals with a positive balance at the end of the day; STX that are locked are part of a balance. In ten groups of equal number by balance. */
  stx_holdings_by_decile: {
    dataset: "stx_holdings_by_decile";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      from_ustx: string;
      to_ustx: string;
      balance_ustx: string;
      share: string;
    };
    data: {
      /** account or contract */
      holder_kind: string;
      /** 1, the smallest balances, to 10, the largest */
      decile: number;
      /** principals in it */
      holders: number;
      /** smallest balance in it, µSTX */
      from_ustx: number;
      /** largest balance in it, µSTX */
      to_ustx: number;
      /** what they hold together, µSTX */
      balance_ustx: number;
      /** of all STX that holders of the kind hold */
      share: number;
    }[] | null;
  };
  /** Principals with a positive balance at the end of the day; STX that are locked are part of a balance. The 100 largest. Labels are of the seed principal_labels; else a contract's is the protocol of its deployer, of the seed protocols. */
  largest_stx_holders: {
    dataset: "largest_stx_holders";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      balance_ustx: string;
      share: string;
    };
    data: {
      /** 1 is the largest; of equal balances the address decides */
      rank: number;
      /** principal */
      address: string;
      /** balance, µSTX */
      balance_ustx: number;
      /** of the supply; null without a supply */
      share: number | null;
      /** who the principal is, or whose contract; null if that is not known */
      label: string | null;
      /** exchange, protocol, network or other; null if that is not known */
      category: string | null;
    }[] | null;
  };
  /** Hourly closes of STX in the 7 days up to and with the last stored hour, by the start of the hour; none before the first stored one. */
  price_7d: {
    dataset: "price_7d";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string | null;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      close_usd: string;
    };
    data: {
      /** beginning of the hour */
      hour_at: string;
      /** closing price of STX; null if the hour is not stored */
      close_usd: number | null;
    }[];
  };
  /** Hourly closes of STX in the 30 days up to and with the last stored hour, by the start of the hour; none before the first stored one. */
  price_30d: {
    dataset: "price_30d";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string | null;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      close_usd: string;
    };
    data: {
      /** beginning of the hour */
      hour_at: string;
      /** closing price of STX; null if the hour is not stored */
      close_usd: number | null;
    }[];
  };
  /** Hourly closes of STX in the 90 days up to and with the last stored hour, by the start of the hour; none before the first stored one. */
  price_90d: {
    dataset: "price_90d";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string | null;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      close_usd: string;
    };
    data: {
      /** beginning of the hour */
      hour_at: string;
      /** closing price of STX; null if the hour is not stored */
      close_usd: number | null;
    }[];
  };
  /** What was traded of STX, the last 180 days. */
  vols_180d: {
    dataset: "vols_180d";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string | null;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      volume_usd: string;
    };
    data: {
      /** UTC day */
      day: string;
      /** traded, USD; null if not known */
      volume_usd: number | null;
    }[];
  };
  /** Market cap of STX, the last 180 days. */
  caps_180d: {
    dataset: "caps_180d";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string | null;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      market_cap_usd: string;
    };
    data: {
      /** UTC day */
      day: string;
      /** closing price times the supply; null if not known */
      market_cap_usd: number | null;
    }[];
  };
  /** daily_indicators, the last 180 days. */
  financial_indicators: {
    dataset: "financial_indicators";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string | null;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      close_usd: string;
      volume_usd: string;
      market_cap_usd: string;
      change_pct: string;
      rsi_7: string;
      rvi_7: string;
      ema_7: string;
      nvt: string;
      nvt_28: string;
    };
    data: {
      /** UTC day */
      day: string;
      /** closing price; null if the day is not stored */
      close_usd: number | null;
      /** traded, USD; null if the day is not stored, or if the vendor has none */
      volume_usd: number | null;
      /** closing price times the supply; null if the day is not stored, or if neither the supply nor the vendor's market cap is known */
      market_cap_usd: number | null;
      /** change from the day before; null if the day is not stored, or on the first of consecutive days */
      change_pct: number | null;
      /** relative strength index, 0 to 100; null if the day is not stored, or in the first 120 of consecutive days, and while no close has changed */
      rsi_7: number | null;
      /** relative volatility index, 0 to 100; null if the day is not stored, or in the first 120 of consecutive days, and while no close has changed */
      rvi_7: number | null;
      /** exponential moving average, USD; null if the day is not stored, or in the first 120 of consecutive days */
      ema_7: number | null;
      /** market cap ÷ 24-hour exchange volume; null if the day is not stored, or without volume or market cap */
      nvt: number | null;
      /** market cap ÷ mean daily exchange volume of 28 days; null if the day is not stored, or without market cap, and unless the last 28 consecutive days all have a volume above 0 */
      nvt_28: number | null;
    }[];
  };
  /** rsi_7 of daily_indicators, the last 180 days; days without a value are omitted. */
  rsi_latest: {
    dataset: "rsi_latest";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string | null;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      rsi_7: string;
    };
    data: {
      /** UTC day */
      day: string;
      /** relative strength index, 0 to 100 */
      rsi_7: number;
    }[];
  };
  /** rvi_7 of daily_indicators, the last 180 days; days without a value are omitted. */
  rvi_latest: {
    dataset: "rvi_latest";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string | null;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      rvi_7: string;
    };
    data: {
      /** UTC day */
      day: string;
      /** relative volatility index, 0 to 100 */
      rvi_7: number;
    }[];
  };
  /** ema_7 of daily_indicators, the last 180 days; days without a value are omitted. */
  ema_latest: {
    dataset: "ema_latest";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string | null;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      ema_7: string;
    };
    data: {
      /** UTC day */
      day: string;
      /** exponential moving average, USD */
      ema_7: number;
    }[];
  };
  /** nvt of daily_indicators, the last 180 days; days without a value are omitted. */
  nvt_latest: {
    dataset: "nvt_latest";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string | null;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      nvt: string;
    };
    data: {
      /** UTC day */
      day: string;
      /** market cap ÷ 24-hour exchange volume */
      nvt: number;
    }[];
  };
  /** LunarCrush's current figures of Stacks. */
  lunar_spot: {
    dataset: "lunar_spot";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string | null;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      galaxy: string;
      alt_rank_30d: string;
    };
    data: {
      /** LunarCrush's score, 0 to 100; null if not known */
      galaxy: number | null;
      /** rank among all coins, 1 is best; null if not known */
      alt_rank: number | null;
      /** median of the stored ranks of the last 30 days; null without any */
      alt_rank_30d: number | null;
    }[];
  };
  /** LunarCrush's daily figures of Stacks, the last 30 days. */
  lunar_history: {
    dataset: "lunar_history";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string | null;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      galaxy: string;
    };
    data: {
      /** UTC day */
      day: string;
      /** LunarCrush's score, 0 to 100; null if not known */
      galaxy: number | null;
      /** rank among all coins, 1 is best; null if not known */
      alt_rank: number | null;
    }[];
  };
  /** All tenures of a day, as daily_miners counts them, and how the tenures are shared among miners. */
  mining: {
    dataset: "mining";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      hhi: string;
      miner_commit_sats: string;
      miner_commit_ustx: string;
      total_commit_sats: string;
      total_commit_ustx: string;
      coinbase_ustx: string;
      fees_ustx: string;
      sats_per_stx: string;
    };
    data: {
      /** UTC day */
      day: string;
      /** distinct miners that won a tenure */
      miners: number;
      /** Herfindahl-Hirschman index: sum of the squared shares of tenures won; 1 is a single miner; null without a tenure */
      hhi: number | null;
      /** fewest miners that together won more than half of the tenures; null without a tenure */
      nakamoto_coefficient: number | null;
      /** tenures won that began on the day, or in the cycle */
      tenures: number;
      /** commits of all miners for them, lost ones too; null if not known of any */
      commits: number | null;
      /** BTC payouts of the commits that won, satoshis; null if not known of any */
      miner_commit_sats: number | null;
      /** mined where those are known, µSTX; null if not known of any */
      miner_commit_ustx: number | null;
      /** BTC of all miners' commits for them, satoshis; null if not known of any */
      total_commit_sats: number | null;
      /** mined where those are known, µSTX; null if not known of any */
      total_commit_ustx: number | null;
      /** coinbases, as scheduled, µSTX */
      coinbase_ustx: number;
      /** fees of transactions in the blocks of the day, or of the cycle, µSTX */
      fees_ustx: number;
      /** total_commit_sats per STX of total_commit_ustx: coinbase and fees; null where commits are not known */
      sats_per_stx: number | null;
    }[];
  };
  /** daily_miners of the last 90 days, by day and miner; within a day those who won most come first. */
  miners_by_day: {
    dataset: "miners_by_day";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      miner_commit_sats: string;
      miner_commit_ustx: string;
      total_commit_sats: string;
      total_commit_ustx: string;
      coinbase_ustx: string;
      fees_ustx: string;
      win_share: string;
      miner_sats_per_stx: string;
      sats_per_stx: string;
    };
    data: {
      /** UTC day */
      day: string;
      /** the winner: sender of the coinbase transaction */
      miner_address: string;
      /** tenures won that began on the day, or in the cycle */
      tenures: number;
      /** commits of all miners for them, lost ones too; null if not known of any */
      commits: number | null;
      /** BTC payouts of the commits that won, satoshis; null if not known of any */
      miner_commit_sats: number | null;
      /** mined where those are known, µSTX; null if not known of any */
      miner_commit_ustx: number | null;
      /** BTC of all miners' commits for them, satoshis; null if not known of any */
      total_commit_sats: number | null;
      /** mined where those are known, µSTX; null if not known of any */
      total_commit_ustx: number | null;
      /** coinbases, as scheduled, µSTX */
      coinbase_ustx: number;
      /** fees of transactions in the blocks of the day, or of the cycle, µSTX */
      fees_ustx: number;
      /** share of the tenures won on the day, or in the cycle; null if nobody won any */
      win_share: number | null;
      /** miner_commit_sats per STX of miner_commit_ustx: without the miner's lost commits; null where commits are not known */
      miner_sats_per_stx: number | null;
      /** total_commit_sats per STX of total_commit_ustx: coinbase and fees; null where commits are not known */
      sats_per_stx: number | null;
    }[];
  };
  /** daily_miners summed over the last 6 reward cycles, by cycle and miner; within a cycle those who won most come first. */
  miners_by_cycle: {
    dataset: "miners_by_cycle";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      miner_commit_sats: string;
      miner_commit_ustx: string;
      total_commit_sats: string;
      total_commit_ustx: string;
      coinbase_ustx: string;
      fees_ustx: string;
      win_share: string;
      miner_sats_per_stx: string;
      sats_per_stx: string;
    };
    data: {
      /** reward cycle of the tenure's Bitcoin block */
      cycle: number;
      /** the winner: sender of the coinbase transaction */
      miner_address: string;
      /** tenures won that began on the day, or in the cycle */
      tenures: number;
      /** commits of all miners for them, lost ones too; null if not known of any */
      commits: number | null;
      /** BTC payouts of the commits that won, satoshis; null if not known of any */
      miner_commit_sats: number | null;
      /** mined where those are known, µSTX; null if not known of any */
      miner_commit_ustx: number | null;
      /** BTC of all miners' commits for them, satoshis; null if not known of any */
      total_commit_sats: number | null;
      /** mined where those are known, µSTX; null if not known of any */
      total_commit_ustx: number | null;
      /** coinbases, as scheduled, µSTX */
      coinbase_ustx: number;
      /** fees of transactions in the blocks of the day, or of the cycle, µSTX */
      fees_ustx: number;
      /** share of the tenures won on the day, or in the cycle; null if nobody won any */
      win_share: number | null;
      /** miner_commit_sats per STX of miner_commit_ustx: without the miner's lost commits; null where commits are not known */
      miner_sats_per_stx: number | null;
      /** total_commit_sats per STX of total_commit_ustx: coinbase and fees; null where commits are not known */
      sats_per_stx: number | null;
    }[];
  };
  /** The last 6 reward cycles in all, from daily_miners, and how their tenures are shared among miners. */
  mining_cycles: {
    dataset: "mining_cycles";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      hhi: string;
      miner_commit_sats: string;
      miner_commit_ustx: string;
      total_commit_sats: string;
      total_commit_ustx: string;
      coinbase_ustx: string;
      fees_ustx: string;
      sats_per_stx: string;
    };
    data: {
      /** reward cycle of the tenure's Bitcoin block */
      cycle: number;
      /** distinct miners that won a tenure */
      miners: number;
      /** Herfindahl-Hirschman index: sum of the squared shares of tenures won; 1 is a single miner; null without a tenure */
      hhi: number | null;
      /** fewest miners that together won more than half of the tenures; null without a tenure */
      nakamoto_coefficient: number | null;
      /** tenures won that began on the day, or in the cycle */
      tenures: number;
      /** commits of all miners for them, lost ones too; null if not known of any */
      commits: number | null;
      /** BTC payouts of the commits that won, satoshis; null if not known of any */
      miner_commit_sats: number | null;
      /** mined where those are known, µSTX; null if not known of any */
      miner_commit_ustx: number | null;
      /** BTC of all miners' commits for them, satoshis; null if not known of any */
      total_commit_sats: number | null;
      /** mined where those are known, µSTX; null if not known of any */
      total_commit_ustx: number | null;
      /** coinbases, as scheduled, µSTX */
      coinbase_ustx: number;
      /** fees of transactions in the blocks of the day, or of the cycle, µSTX */
      fees_ustx: number;
      /** total_commit_sats per STX of total_commit_ustx: coinbase and fees; null where commits are not known */
      sats_per_stx: number | null;
    }[];
  };
  /** Canonical microblocks by the day of the block that confirmed them, to the last day that has any. */
  microblocks: {
    dataset: "microblocks";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {};
    data: {
      /** UTC day */
      day: string;
      /** microblocks that blocks of the day confirmed; null if the day is not loaded */
      microblocks: number | null;
    }[];
  };
  /** Moves of a name's token and prints of its contract. A registration mints a name, or is printed as one: an expired name of version 1 moves to its new owner. An airdrop of version 2 gives a name to its owner of version 1. The last 30 days, a row for each version of the contract. */
  names: {
    dataset: "names";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      sales_ustx: string;
    };
    data: {
      /** UTC day */
      day: string;
      /** 1: the contract bns; 2: BNS-V2, which took the names over */
      bns_version: number;
      /** names registered, imports among them */
      registrations: number;
      /** names of version 1 given to their owners in version 2 */
      airdrops: number;
      /** renewals printed */
      renewals: number;
      /** names that changed hands, sales among them */
      transfers: number;
      /** names burned */
      burns: number;
      /** names that there are at the end of the day: mints − burns up to it */
      names: number;
      /** names sold for STX, as nft_sales defines it */
      sales: number;
      /** their prices, µSTX */
      sales_ustx: number;
    }[];
  };
  /** Moves of a name's token and prints of its contract. A registration mints a name, or is printed as one: an expired name of version 1 moves to its new owner. An airdrop of version 2 gives a name to its owner of version 1. Of the day, a row for each version and namespace, those with most names first. */
  names_by_namespace: {
    dataset: "names_by_namespace";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      sales_ustx: string;
    };
    data: {
      /** 1: the contract bns; 2: BNS-V2, which took the names over */
      bns_version: number;
      /** what follows the dot; empty if no print of the transaction tells it */
      namespace: string;
      /** names registered, imports among them */
      registrations: number;
      /** names of version 1 given to their owners in version 2 */
      airdrops: number;
      /** renewals printed */
      renewals: number;
      /** names that changed hands, sales among them */
      transfers: number;
      /** names burned */
      burns: number;
      /** names that there are at the end of the day: mints − burns up to it */
      names: number;
      /** names sold for STX, as nft_sales defines it */
      sales: number;
      /** their prices, µSTX */
      sales_ustx: number;
    }[];
  };
  /** Canonical transactions of each UTC day by type and by status, their fees, and who took part. */
  network_activity: {
    dataset: "network_activity";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      fee_ustx: string;
    };
    data: {
      /** UTC day */
      day: string;
      /** canonical blocks */
      block_count: number;
      /** canonical transactions */
      tx_count: number;
      /** of them, transfers of STX */
      token_transfers: number;
      /** of them, contract calls */
      contract_calls: number;
      /** of them, deployments */
      smart_contracts: number;
      /** of them, all others: coinbases, tenure changes, poison microblocks, and types without a name yet */
      other_txs: number;
      /** of all, those that their contract aborted */
      aborted_by_response: number;
      /** of all, those that a post-condition aborted */
      aborted_by_post_condition: number;
      /** of all, those mined as problematic and skipped */
      problematic_skipped: number;
      /** fees paid, by failed transactions too, µSTX */
      fee_ustx: number;
      /** accounts that took part in a canonical transaction of the day */
      active_accounts: number;
      /** contracts that took part in one */
      active_contracts: number;
      /** distinct senders of transactions other than coinbase and tenure change */
      initiators: number;
      /** distinct contracts called directly, with or without success; null on a day that an earlier release built */
      contracts_called: number | null;
      /** accounts first seen then; null if history is missing */
      new_accounts: number | null;
      /** accounts ever seen, up to the day; null if history is missing */
      total_accounts: number | null;
    }[];
  };
  /** Canonical transactions of the last 90 days by type and status together, as in daily_transactions. */
  transactions_by_type: {
    dataset: "transactions_by_type";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      fee_ustx: string;
    };
    data: {
      /** UTC day */
      day: string;
      /** as named by the Stacks API */
      tx_type: string;
      /** success, abort_by_response, abort_by_post_condition, problematic_skipped */
      tx_status: string;
      /** transactions */
      tx_count: number;
      /** fees they paid, µSTX */
      fee_ustx: number;
    }[];
  };
  /** The last 720 hours up to the tip's, with zeros for hours without a block. Hours of days that are not loaded yet come from the tip snapshot and are provisional, until their day is built and settled; the tip's own hour is not over. Hours before the first loaded day, and of days that are missing, have no row. */
  network_activity_hours: {
    dataset: "network_activity_hours";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      fee_ustx: string;
    };
    data: {
      /** beginning of the UTC hour */
      hour_at: string;
      /** whether its day is not loaded, or was not final as it landed */
      is_provisional: boolean;
      /** canonical blocks */
      block_count: number;
      /** canonical transactions */
      tx_count: number;
      /** of them, transfers of STX */
      token_transfers: number;
      /** of them, contract calls */
      contract_calls: number;
      /** of them, deployments */
      smart_contracts: number;
      /** of them, all others: coinbases, tenure changes, poison microblocks, and types without a name yet */
      other_txs: number;
      /** of all, those that their contract aborted */
      aborted_by_response: number;
      /** of all, those that a post-condition aborted */
      aborted_by_post_condition: number;
      /** of all, those mined as problematic and skipped */
      problematic_skipped: number;
      /** fees paid, by failed transactions too, µSTX */
      fee_ustx: number;
      /** accounts that took part in a canonical transaction of the hour */
      active_accounts: number;
      /** contracts that took part in one */
      active_contracts: number;
      /** distinct senders of transactions other than coinbase and tenure change */
      initiators: number;
      /** distinct contracts called directly, with or without success */
      contracts_called: number;
      /** accounts first seen then; null if history is missing */
      new_accounts: number | null;
    }[];
  };
  /** Prices of the day's sales. A sale is a successful contract call in which a principal finally receives a token by transfers (not by a mint) and sends STX in total more than zero by transfers (not burns), or out of escrow (kind escrow): an account receives it, and who put the token into the contract that hands it over, or else who sent it, is paid by a contract that pays out more STX in the call than it takes, and not by the receiver (an accepted bid, a settled auction). The price is the STX that the receiver sends, divided equally among the tokens received, and in escrow also what contracts pay out beyond what they take, divided equally among the tokens that it pays for; the remainder in µSTX goes to the token whose last move comes first; a token whose share is zero is not sold. The seller is the sender of the token's first move in the transaction. If the seller is a contract, a token that returns to the principal that deposited it is not sold (a repaid loan, a withdrawn listing), nor a token for which the receiver burns another in the call, or sends one that is burned (unwrapping), nor one of which no earlier move is known. */
  nft_trading_volume: {
    dataset: "nft_trading_volume";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      sales_stx: string;
    };
    data: {
      /** UTC day */
      day: string;
      /** prices of the day's sales; null if the day is not loaded, or an earlier one is missing */
      sales_stx: number | null;
    }[];
  };
  /** The ten collections with the highest growth of mints over the previous day, among those with ten mints or more that grew. */
  nft_fastest_growing: {
    dataset: "nft_fastest_growing";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      growth_percent: string;
    };
    data: {
      /** the collection: address.contract::asset */
      asset_identifier: string;
      /** growth of mints over the previous day */
      growth_percent: number;
      /** whether other collections have the same short name */
      is_shared: boolean;
    }[] | null;
  };
  /** Tokens with an owner. */
  nft_in_existence_now: {
    dataset: "nft_in_existence_now";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {};
    data: {
      /** tokens with an owner; null if an earlier day is missing */
      tokens: number | null;
    }[];
  };
  /** Tokens with an owner at the end of the day. */
  nft_in_existence_over_time: {
    dataset: "nft_in_existence_over_time";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {};
    data: {
      /** UTC day */
      day: string;
      /** tokens with an owner at the end of the day; null if the day is not loaded, or an earlier one is missing */
      tokens: number | null;
    }[];
  };
  /** The ten collections with most distinct owners. */
  nft_top_by_holders: {
    dataset: "nft_top_by_holders";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {};
    data: {
      /** the collection: address.contract::asset */
      asset_identifier: string;
      /** distinct owners */
      holders: number;
      /** whether other collections have the same short name */
      is_shared: boolean;
    }[] | null;
  };
  /** Ten collections by the lowest sale price of the last 7 days, cheapest first. */
  nft_cheapest: {
    dataset: "nft_cheapest";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      lowest_price_stx: string;
    };
    data: {
      /** the collection: address.contract::asset */
      asset_identifier: string;
      /** lowest sale price of the last 7 days */
      lowest_price_stx: number;
      /** whether other collections have the same short name */
      is_shared: boolean;
    }[] | null;
  };
  /** Ten collections by the lowest sale price of the last 7 days, dearest first. */
  nft_most_expensive: {
    dataset: "nft_most_expensive";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      lowest_price_stx: string;
    };
    data: {
      /** the collection: address.contract::asset */
      asset_identifier: string;
      /** lowest sale price of the last 7 days */
      lowest_price_stx: number;
      /** whether other collections have the same short name */
      is_shared: boolean;
    }[] | null;
  };
  /** Balances of contracts at the end of the day, by the protocol whose deployer made them (seed protocols): STX, locked STX among them, and fungible tokens. Not counted are tokens that a listed protocol minted, this one or another: pool shares, receipts and a protocol's own tokens are claims on what is counted already. */
  protocol_balances: {
    dataset: "protocol_balances";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      balance: string;
    };
    data: {
      /** the protocol's name */
      protocol: string;
      /** STX, or the token: address.contract::asset */
      asset_identifier: string;
      /** what all its contracts hold, µSTX, or the token's smallest unit */
      balance: string;
      /** decimal places of the balance as it is shown; null where they are not known */
      decimals: number | null;
    }[] | null;
  };
  /** Distinct initiators of the last 1, 7 and 30 days (DAU, WAU, MAU). An initiator is the sender of a canonical transaction that is not a miner's own: of a token transfer, a contract call or a deployment, failed ones included. Who only receives or sponsors is none. */
  active_initiators: {
    dataset: "active_initiators";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      stickiness: string;
    };
    data: {
      /** UTC day */
      day: string;
      /** distinct initiators of the day (DAU) */
      initiators: number;
      /** of the 7 days up to it (WAU); null if history is missing */
      initiators_7_days: number | null;
      /** of the 30 days up to it (MAU); null if history is missing */
      initiators_30_days: number | null;
      /** DAU / MAU; null without initiators in 30 days, and if history is missing */
      stickiness: number | null;
      /** initiators of the day who were none before; null if history is missing */
      new_initiators: number | null;
      /** distinct initiators up to the day; null if history is missing */
      total_initiators: number | null;
    }[];
  };
  /** Initiators by the month in which they were first, and how many of them were active in each month since. An initiator is the sender of a canonical transaction that is not a miner's own: of a token transfer, a contract call or a deployment, failed ones included. Who only receives or sponsors is none. */
  initiator_retention: {
    dataset: "initiator_retention";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      share: string;
    };
    data: {
      /** first day of the month in which they were initiators first */
      cohort: string;
      /** first day of the month in which they were active */
      month: string;
      /** months from the cohort's to this one */
      months_since: number;
      /** initiators of the cohort who were active in the month */
      initiators: number;
      /** all initiators of the cohort */
      cohort_size: number;
      /** initiators / cohort_size */
      share: number;
      /** last day of the month that is loaded */
      up_to: string;
    }[];
  };
  /** Finished reward cycles, newest first: the STX that earned in the cycle, at the close of its last day, and the BTC paid to stackers, each day's at its close. The last day of a cycle is the last one at whose end it still runs; it is finished once a later cycle runs at the end of a loaded day, and a cycle in which no day ends has no row. The STX are those of the reward set, or, where none is stored, those locked at the end of the last day, which are not known once Stacks 4.0 has begun. Since cycle 141 (mainnet) the STX are those staked alone, and the BTC is their share in stacking_distributions; such a cycle is finished with the distribution for its second half, or half a cycle after its end if that distribution was not called. */
  stacking_riskreward: {
    dataset: "stacking_riskreward";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string | null;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      locked_usd: string;
      rewarded_usd: string;
    };
    data: {
      /** reward cycle */
      cycle: number;
      /** value of the STX that earned in the cycle; null if a day, its price or the STX are not known */
      locked_usd: number | null;
      /** value of the BTC paid to stackers; null if a day of the cycle or a price is missing */
      rewarded_usd: number | null;
    }[];
  };
  /** The last 10 finished reward cycles, newest first: the STX that earned in the cycle, at the close of its last day, and the BTC paid to stackers, each day's at its close. The last day of a cycle is the last one at whose end it still runs; it is finished once a later cycle runs at the end of a loaded day, and a cycle in which no day ends has no row. The STX are those of the reward set, or, where none is stored, those locked at the end of the last day, which are not known once Stacks 4.0 has begun. Since cycle 141 (mainnet) the STX are those staked alone, and the BTC is their share in stacking_distributions; such a cycle is finished with the distribution for its second half, or half a cycle after its end if that distribution was not called. */
  stacking_riskreward_small: {
    dataset: "stacking_riskreward_small";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string | null;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      locked_usd: string;
      rewarded_usd: string;
    };
    data: {
      /** reward cycle */
      cycle: number;
      /** value of the STX that earned in the cycle; null if a day, its price or the STX are not known */
      locked_usd: number | null;
      /** value of the BTC paid to stackers; null if a day of the cycle or a price is missing */
      rewarded_usd: number | null;
    }[];
  };
  /** Deposits and withdrawals as the contract sbtc-registry prints them, each acceptance and rejection with the amount of its request, which may be of an earlier day. Supply = mints − burns up to the day: liquid of sbtc-token, locked of sbtc-token-locked. A day's change of both = deposits − accepted (amount + fee). Staked is what the contract pox-5 holds. Unexplained = mints of sbtc-token − deposits − what accepted and rejected withdrawals gave back. Holders are those of daily_tokens. */
  sbtc: {
    dataset: "sbtc";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      deposited_sats: string;
      created_sats: string;
      accepted_sats: string;
      fees_sats: string;
      rejected_sats: string;
      median_blocks: string;
      max_blocks: string;
      liquid_sats: string;
      locked_sats: string;
      staked_sats: string;
      unexplained_mint_sats: string;
    };
    data: {
      /** UTC day */
      day: string;
      /** deposits completed */
      deposits: number;
      /** sBTC minted for them, sats */
      deposited_sats: number;
      /** withdrawals requested */
      created_withdrawals: number;
      /** what was requested, without fees, sats */
      created_sats: number;
      /** withdrawals paid on Bitcoin */
      accepted_withdrawals: number;
      /** BTC that their users received, sats; null if history is missing */
      accepted_sats: number | null;
      /** fees of Bitcoin's miners that they paid, sats */
      fees_sats: number;
      /** withdrawals refused */
      rejected_withdrawals: number;
      /** their amounts, without fees, sats; null if history is missing */
      rejected_sats: number | null;
      /** median time from a request to the Bitcoin block that paid it; null if none was accepted, and if history is missing */
      median_blocks: number | null;
      /** the longest such time, Bitcoin blocks; null if none was accepted, and if history is missing */
      max_blocks: number | null;
      /** supply that is not locked, at the end of the day, sats; null if history is missing */
      liquid_sats: number | null;
      /** supply locked by open withdrawals, sats; null if history is missing */
      locked_sats: number | null;
      /** liquid sBTC that the contract pox-5 holds, sats; null if history is missing */
      staked_sats: number | null;
      /** mints without a reason; zero, sats; null if history is missing */
      unexplained_mint_sats: number | null;
      /** accounts with a balance of sbtc-token; null if history is missing */
      account_holders: number | null;
      /** contracts with a balance of sbtc-token; null if history is missing */
      contract_holders: number | null;
    }[];
  };
  /** Each reward set on the day of the block that wrote it: totals of reward_cycles, the supply at the end of that day, and the concentration of weight among cycle_signers. */
  stacking_participation: {
    dataset: "stacking_participation";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      stacked_ustx: string;
      liquid_supply_ustx: string;
      participation: string;
      min_threshold_ustx: string;
      hhi: string;
    };
    data: {
      /** UTC day */
      day: string;
      /** reward cycle */
      cycle: number;
      /** height of the block that wrote the set */
      block_height: number;
      /** STX in the reward set, µSTX */
      stacked_ustx: number;
      /** STX that exist at the end of the day, locked ones included, µSTX; null if history is missing */
      liquid_supply_ustx: number | null;
      /** stacked part of them; null if history is missing */
      participation: number | null;
      /** STX required for a reward slot, µSTX; null without signers, and since cycle 141, when PoX-5 ended slots */
      min_threshold_ustx: number | null;
      /** signers by signing key */
      signers: number;
      /** votes of all signers */
      weight: number;
      /** Herfindahl-Hirschman index: sum of the squares of the signers' parts of the weight; null without signers */
      hhi: number | null;
      /** fewest signers that have more than 30 % of the weight, and can block; null without signers */
      nakamoto_30: number | null;
      /** fewest signers that have at least 70 % of the weight, and can sign; null without signers */
      nakamoto_70: number | null;
      /** signers that are not in the set of the cycle before; null if history is missing or the cycle before has no set */
      entered: number | null;
      /** signers of the cycle before that are not in the set; null if history is missing or the cycle before has no set */
      exited: number | null;
    }[];
  };
  /** Signers of the newest reward set, those of most weight first, that was written up to the end of the day: until its cycle begins, of the next cycle. */
  signers: {
    dataset: "signers";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      weight_share: string;
      stacked_ustx: string;
      stacked_share: string;
    };
    data: {
      /** reward cycle */
      cycle: number;
      /** height of the block that wrote the set */
      block_height: number;
      /** public key, hex with 0x */
      signing_key: string;
      /** votes of the signer: reward slots until cycle 140 */
      weight: number;
      /** its part of all weight */
      weight_share: number;
      /** STX that the signer signs for, µSTX */
      stacked_ustx: number;
      /** its part of all STX in the set */
      stacked_share: number;
      /** its votes in the cycle before; null if it was not in that set */
      weight_before: number | null;
    }[];
  };
  /** Signer managers of PoX-5 by STX locked through them at the end of the day, the most first: delegates of stacking_pools that have registered a key (signer_keys). */
  signer_managers: {
    dataset: "signer_managers";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      stacked_ustx: string;
      stacked_share: string;
    };
    data: {
      /** contract that stakers name as their signer */
      signer_manager: string;
      /** key that it last registered, hex with 0x */
      signing_key: string;
      /** STX locked through it at the end of the day, µSTX */
      stacked_ustx: number;
      /** its part of all that is locked through managers */
      stacked_share: number;
      /** principals that stake through it */
      stackers: number;
    }[];
  };
  /** STX locked at the end of the day. */
  stx_stacked_over_time: {
    dataset: "stx_stacked_over_time";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      stacked_stx: string;
    };
    data: {
      /** UTC day */
      day: string;
      /** STX locked at the end of the day; null if the day is not loaded, or an earlier one is missing */
      stacked_stx: number | null;
    }[];
  };
  /** Top 10 stacking pools (delegates, since PoX-5 signer managers) by STX locked for others at the end of the day. */
  top_pools: {
    dataset: "top_pools";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      stacked_stx: string;
    };
    data: {
      /** principal that STX are delegated to */
      address: string;
      /** the pool's name, or its address */
      name: string;
      /** STX locked for others at the end of the day */
      stacked_stx: number;
    }[] | null;
  };
  /** Number of stacking pools (delegates, since PoX-5 signer managers) with STX locked for others at the end of the day. */
  number_of_pools: {
    dataset: "number_of_pools";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {};
    data: {
      /** delegates with STX locked for others; null if an earlier day is missing */
      total_pools: number | null;
    }[];
  };
  /** Canonical transactions of the last 100 canonical blocks, newest first. */
  tx_per_block: {
    dataset: "tx_per_block";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {};
    data: {
      /** height of the canonical block */
      block_height: number;
      /** canonical transactions of the block */
      tx_count: number;
    }[];
  };
  /** Transactions in the mempool in each tip snapshot of the last 7 days, as in mempool_snapshots. */
  mempool: {
    dataset: "mempool";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string | null;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {};
    data: {
      /** when the source was read */
      taken_at: string;
      /** transactions in the mempool */
      tx_count: number;
    }[];
  };
  /** The last 500 canonical transfers of 1,000,000 STX or more, newest first. */
  whale_movements: {
    dataset: "whale_movements";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      amount: string;
    };
    data: {
      /** hex with 0x */
      tx_id: string;
      /** height of the canonical block */
      block_height: number;
      /** STX */
      amount: number;
      /** principal */
      sender: string;
      /** principal */
      recipient: string;
      /** time of the block's Bitcoin block */
      burn_block_time: string;
      /** of the transaction, as named by the Stacks API */
      tx_type: string;
      /** the transaction's page in the Stacks Explorer */
      explorer_url: string;
    }[];
  };
  /** The last tip snapshot, as in spot_snapshots. */
  spot_stats: {
    dataset: "spot_stats";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      current_cycle_open_price: string;
      total_stacked: string;
      total_stacked_usd: string;
      slot_minimum: string;
      stacking_apy: string;
      gini_coefficient: string;
      median_balance: string;
      whale_percent: string;
      latest_whale_amount: string;
      ath: string;
      perc_from_ath: string;
      mstx_fee: string;
      usd_fee: string;
      latest_transfer_fee: string;
      circulating_supply: string;
    };
    data: {
      /** when the source was read */
      refresh_ts: string;
      /** canonical transactions up to the tip; null while blocks are missing */
      total_txs_alltime: number | null;
      /** canonical transactions of the 24 hours before the tip */
      total_txs_past24: number;
      /** reward cycle of the tip's Bitcoin block */
      current_cycle_no: number;
      /** USD per STX, opening of the hour of the cycle's first tenure; null while blocks are missing, or without a price */
      current_cycle_open_price: number | null;
      /** Bitcoin blocks from the tip's to the first of the next cycle */
      cycle_blocks_left: number;
      /** prepare or reward. Before cycle 141 prepare is the Bitcoin blocks in which miners burn, on mainnet the last 99 of a cycle and the first of the next; since then the last 100, in which staking is closed */
      current_cycle_phase: string;
      /** principals with STX locked at the tip; null while blocks are missing */
      total_stackers: number | null;
      /** STX locked at the tip, bonds included; locked is not earning, see daily_stacking; null while blocks are missing */
      total_stacked: number | null;
      /** value of the STX locked at the tip; null while blocks are missing, or without a price */
      total_stacked_usd: number | null;
      /** STX required for a reward slot of the cycle; null before its reward set, and since cycle 141, when PoX-5 ended slots */
      slot_minimum: number | null;
      /** height of the tip */
      current_stx_block_height: number;
      /** percent a year; null while blocks are missing, without prices, and, since the reward pool, without a distribution in this or the previous cycle */
      stacking_apy: number | null;
      /** 0 = all equal; at the end of the last loaded day; null before there is a loaded day, or if history is missing */
      gini_coefficient: number | null;
      /** STX; at the end of the last loaded day; null before there is a loaded day, or if history is missing */
      median_balance: number | null;
      /** accounts with a positive balance; at the end of the last loaded day; null before there is a loaded day, or if history is missing */
      nonzero_bal_addx: number | null;
      /** percent of these accounts with 100,000 STX or more; at the end of the last loaded day; null before there is a loaded day, or if history is missing */
      whale_percent: number | null;
      /** STX of the last canonical transfer of 1,000,000 STX or more; null before the first */
      latest_whale_amount: number | null;
      /** time of its Bitcoin block; null before the first */
      latest_whale_timestamp: string | null;
      /** highest price of STX in the hours that are stored, USD; null without prices */
      ath: number | null;
      /** difference of the STX price at the tip's time from that in percent; negative if it is lower; null without a price */
      perc_from_ath: number | null;
      /** median fee of token transfers in the mempool, of two in the middle their mean, µSTX per byte; null when none waits */
      mstx_fee: number | null;
      /** the same in USD, at the price of STX at the tip's time; null when none waits, or without a price */
      usd_fee: number | null;
      /** median fee of the last ten canonical token transfers, of two in the middle their mean, STX; null without one */
      latest_transfer_fee: number | null;
      /** transactions in the mempool, as in mempool_snapshots */
      now_in_mempool: number;
      /** STX: supply at the end of the last loaded day, plus mints and matured coinbase, minus burns since then; null while blocks are missing */
      circulating_supply: number | null;
    }[];
  };
  /** The last tip snapshot taken on each UTC day. */
  spot_stats_historical: {
    dataset: "spot_stats_historical";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      median_balance: string;
      whale_percent: string;
      stacking_apy: string;
    };
    data: {
      /** UTC day */
      day: string;
      /** median balance, STX; null for a day without a tip snapshot, and as in spot_stats */
      median_balance: number | null;
      /** percent of holders with 100,000 STX or more; null for a day without a tip snapshot, and as in spot_stats */
      whale_percent: number | null;
      /** percent per year; null for a day without a tip snapshot, and as in spot_stats */
      stacking_apy: number | null;
    }[];
  };
  /** BTC that miners sent to stackers, or into the reward pool, in the last 100 Bitcoin blocks with such payments. */
  recent_rewards: {
    dataset: "recent_rewards";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      reward_btc: string;
    };
    data: {
      /** Bitcoin height */
      burn_block_height: number;
      /** BTC that miners sent */
      reward_btc: number;
    }[];
  };
  /** BTC that miners sent to stackers, or into the reward pool, in the last 20 Bitcoin blocks with such payments. At the close of the Bitcoin block's hour, or else of the latest hour that began in the 48 before. */
  recent_rewards_small: {
    dataset: "recent_rewards_small";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      reward_usd: string;
    };
    data: {
      /** Bitcoin height */
      burn_block_height: number;
      /** value of the BTC that miners sent; null without a price, and if no Stacks block gives the Bitcoin block's time */
      reward_usd: number | null;
    }[];
  };
  /** The last 100 tenures. A reward is the coinbase (provisional until it matures) plus the fees of the tenure's own transactions. A tenure's win probability is the winner's share of the payouts of all miners. */
  mining_overview: {
    dataset: "mining_overview";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      miner_commit_sats: string;
      total_commit_sats: string;
      burn_sats: string;
    };
    data: {
      /** Bitcoin block of the tenure */
      burn_block_height: number;
      /** UTC day of the tenure's first block */
      day: string;
      /** the tenure's first Stacks block */
      first_block_height: number;
      /** time of the Bitcoin block */
      mined_at: string;
      /** its winner: miner_rewards.miner_address of the reward with its coinbase, or, before that matures, the sender of the coinbase transaction; null if not known */
      miner_address: string | null;
      /** BTC payouts sent by the winner, without burned BTC, satoshis; null if outputs are not known */
      miner_commit_sats: number | null;
      /** BTC sent by all miners, payouts and burned, satoshis; null if not known */
      total_commit_sats: number | null;
      /** BTC that all miners burned, satoshis; null if not known */
      burn_sats: number | null;
      /** µSTX; provisional until the reward matures */
      coinbase_ustx: number;
      /** µSTX; fees of the tenure's own transactions */
      fees_ustx: number;
    }[];
  };
  /** The last 100 tenures: payouts and burned BTC of all miners, and the winner's reward: the coinbase (provisional until it matures) plus the fees of the tenure's own transactions. At the close of the Bitcoin block's hour, or else of the latest hour that began in the 48 before. */
  mining_riskreward: {
    dataset: "mining_riskreward";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      spent_usd: string;
      rewarded_usd: string;
    };
    data: {
      /** Bitcoin height */
      burn_block_height: number;
      /** time of the Bitcoin block */
      burn_block_time: string;
      /** payouts and burned BTC of all miners; null without a price, or if commits are not known */
      spent_usd: number | null;
      /** the winner's reward; null without a price */
      rewarded_usd: number | null;
    }[];
  };
  /** Tenures won by each miner among the last 100 tenures, most first. */
  mining_most_successful: {
    dataset: "mining_most_successful";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {};
    data: {
      /** principal */
      miner_address: string;
      /** tenures won */
      tenures_won: number;
    }[];
  };
  /** Prices of the sales in the last 1,000 blocks with sales, newest first. A sale is a successful contract call in which a principal finally receives a token by transfers (not by a mint) and sends STX in total more than zero by transfers (not burns), or out of escrow (kind escrow): an account receives it, and who put the token into the contract that hands it over, or else who sent it, is paid by a contract that pays out more STX in the call than it takes, and not by the receiver (an accepted bid, a settled auction). The price is the STX that the receiver sends, divided equally among the tokens received, and in escrow also what contracts pay out beyond what they take, divided equally among the tokens that it pays for; the remainder in µSTX goes to the token whose last move comes first; a token whose share is zero is not sold. The seller is the sender of the token's first move in the transaction. If the seller is a contract, a token that returns to the principal that deposited it is not sold (a repaid loan, a withdrawn listing), nor a token for which the receiver burns another in the call, or sends one that is burned (unwrapping), nor one of which no earlier move is known. */
  nft_volume_per_block: {
    dataset: "nft_volume_per_block";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      sales_stx: string;
    };
    data: {
      /** height of the block */
      block_height: number;
      /** prices of the sales */
      sales_stx: number;
    }[] | null;
  };
  /** The ten collections with the highest sales volume in STX in the last 100 tenures. A sale is a successful contract call in which a principal finally receives a token by transfers (not by a mint) and sends STX in total more than zero by transfers (not burns), or out of escrow (kind escrow): an account receives it, and who put the token into the contract that hands it over, or else who sent it, is paid by a contract that pays out more STX in the call than it takes, and not by the receiver (an accepted bid, a settled auction). The price is the STX that the receiver sends, divided equally among the tokens received, and in escrow also what contracts pay out beyond what they take, divided equally among the tokens that it pays for; the remainder in µSTX goes to the token whose last move comes first; a token whose share is zero is not sold. The seller is the sender of the token's first move in the transaction. If the seller is a contract, a token that returns to the principal that deposited it is not sold (a repaid loan, a withdrawn listing), nor a token for which the receiver burns another in the call, or sends one that is burned (unwrapping), nor one of which no earlier move is known. */
  nft_top_by_volume: {
    dataset: "nft_top_by_volume";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      sales_stx: string;
    };
    data: {
      /** the collection: address.contract::asset */
      asset_identifier: string;
      /** prices of the sales */
      sales_stx: number;
      /** whether other collections have the same short name */
      is_shared: boolean;
    }[] | null;
  };
  /** The ten collections with the most mints in the last 100 tenures. */
  nft_top_by_mints: {
    dataset: "nft_top_by_mints";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {};
    data: {
      /** the collection: address.contract::asset */
      asset_identifier: string;
      /** tokens minted */
      mints: number;
      /** whether other collections have the same short name */
      is_shared: boolean;
    }[];
  };
  /** The 1000 fungible tokens with most accounts that hold them, at the end of the day, of equal ones those that more contracts hold. Supply = minted − burned; a holder has a balance above zero. */
  tokens: {
    dataset: "tokens";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      supply: string;
      ten_largest_share: string;
    };
    data: {
      /** the token: address.contract::asset */
      asset_identifier: string;
      /** decimal places of an amount as it is shown; null where the seed tokens has none */
      decimals: number | null;
      /** UTC day of its first move */
      first_day: string;
      /** UTC day of its last move */
      moved_day: string;
      /** minted − burned, up to the end of the day, the token's smallest unit; null if history is missing */
      supply: string | null;
      /** accounts with a balance at the end of the day; null if history is missing */
      account_holders: number | null;
      /** contracts with a balance at the end of the day; null if history is missing */
      contract_holders: number | null;
      /** share of the supply that the ten largest holders hold, contracts among them; null without supply, and null if history is missing */
      ten_largest_share: number | null;
      /** transfers of the last 30 days */
      transfers: number;
    }[] | null;
  };
  /** Tokens that stand for US dollars (seed pegged_tokens) on each of the last 90 days: supply = minted − burned up to the end of the day; a holder has a balance above zero; canonical transfers, mints and burns of the day. */
  stablecoins: {
    dataset: "stablecoins";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      supply: string;
      transferred: string;
      minted: string;
      burned: string;
    };
    data: {
      /** UTC day */
      day: string;
      /** the token: address.contract::asset */
      asset_identifier: string;
      /** decimal places of an amount as it is shown; null where the seed tokens has none */
      decimals: number | null;
      /** minted − burned, up to the end of the day, the token's smallest unit; null if history is missing */
      supply: string | null;
      /** accounts with a balance at the end of the day; null if history is missing */
      account_holders: number | null;
      /** contracts with a balance at the end of the day; null if history is missing */
      contract_holders: number | null;
      /** transfers */
      transfers: number;
      /** distinct principals that sent in transfers */
      senders: number;
      /** distinct principals that received in transfers */
      receivers: number;
      /** transferred amount, the token's smallest unit */
      transferred: string;
      /** minted amount, the token's smallest unit */
      minted: string;
      /** burned amount, the token's smallest unit */
      burned: string;
    }[];
  };
  /** Tokens that stand for bitcoins (seed pegged_tokens) on each of the last 90 days: supply = minted − burned up to the end of the day; a holder has a balance above zero; canonical transfers, mints and burns of the day. */
  wrapped_bitcoin: {
    dataset: "wrapped_bitcoin";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      supply: string;
      transferred: string;
      minted: string;
      burned: string;
    };
    data: {
      /** UTC day */
      day: string;
      /** the token: address.contract::asset */
      asset_identifier: string;
      /** decimal places of an amount as it is shown; null where the seed tokens has none */
      decimals: number | null;
      /** minted − burned, up to the end of the day, the token's smallest unit; null if history is missing */
      supply: string | null;
      /** accounts with a balance at the end of the day; null if history is missing */
      account_holders: number | null;
      /** contracts with a balance at the end of the day; null if history is missing */
      contract_holders: number | null;
      /** transfers */
      transfers: number;
      /** distinct principals that sent in transfers */
      senders: number;
      /** distinct principals that received in transfers */
      receivers: number;
      /** transferred amount, the token's smallest unit */
      transferred: string;
      /** minted amount, the token's smallest unit */
      minted: string;
      /** burned amount, the token's smallest unit */
      burned: string;
    }[];
  };
  /** Tokens that stand for stacked STX (seed pegged_tokens) on each of the last 90 days: supply = minted − burned up to the end of the day; a holder has a balance above zero; canonical transfers, mints and burns of the day. */
  liquid_stacking_tokens: {
    dataset: "liquid_stacking_tokens";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      supply: string;
      transferred: string;
      minted: string;
      burned: string;
    };
    data: {
      /** UTC day */
      day: string;
      /** the token: address.contract::asset */
      asset_identifier: string;
      /** decimal places of an amount as it is shown; null where the seed tokens has none */
      decimals: number | null;
      /** minted − burned, up to the end of the day, the token's smallest unit; null if history is missing */
      supply: string | null;
      /** accounts with a balance at the end of the day; null if history is missing */
      account_holders: number | null;
      /** contracts with a balance at the end of the day; null if history is missing */
      contract_holders: number | null;
      /** transfers */
      transfers: number;
      /** distinct principals that sent in transfers */
      senders: number;
      /** distinct principals that received in transfers */
      receivers: number;
      /** transferred amount, the token's smallest unit */
      transferred: string;
      /** minted amount, the token's smallest unit */
      minted: string;
      /** burned amount, the token's smallest unit */
      burned: string;
    }[];
  };
  /** Supply of the tokens that stand for stacked STX (seed pegged_tokens) over what is stacked (daily_stacking). */
  liquid_stacking: {
    dataset: "liquid_stacking";
    /** moment up to which the data go, ISO 8601, UTC; null while nothing is known */
    as_of: string;
    /** SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex */
    schema: string;
    /** how the data are made */
    method: string;
    /** page of the dataset, relative to catalog.json */
    method_url: string;
    warnings: string[];
    units: {
      liquid_ustx: string;
      stacked_ustx: string;
      liquid_share: string;
    };
    data: {
      /** UTC day */
      day: string;
      /** supply of all liquid stacking tokens, each counted as one STX, µSTX */
      liquid_ustx: string;
      /** locked at the end of the day, µSTX */
      stacked_ustx: number;
      /** liquid_ustx / stacked_ustx; null before the first such token, and if nothing is stacked */
      liquid_share: number | null;
    }[];
  };
}
