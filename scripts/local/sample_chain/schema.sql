-- The tables of stacks-blockchain-api 9.0.2 that the backend reads, or that tell what it must find; and of its later
-- migrations those that are named here.

CREATE TABLE blocks (
    index_block_hash bytea NOT NULL, block_hash bytea NOT NULL, block_height integer NOT NULL,
    burn_block_time integer NOT NULL, burn_block_hash bytea NOT NULL, burn_block_height integer NOT NULL,
    miner_txid bytea NOT NULL, parent_index_block_hash bytea NOT NULL, parent_block_hash bytea NOT NULL,
    parent_microblock_hash bytea NOT NULL, parent_microblock_sequence integer NOT NULL,
    canonical boolean NOT NULL, execution_cost_read_count bigint NOT NULL,
    execution_cost_read_length bigint NOT NULL, execution_cost_runtime bigint NOT NULL,
    execution_cost_write_count bigint NOT NULL, execution_cost_write_length bigint NOT NULL,
    tx_count integer NOT NULL DEFAULT 1, block_time integer NOT NULL DEFAULT 0, signer_bitvec bit varying,
    tenure_height integer, signer_signatures bytea[], tx_total_size integer
);

CREATE TABLE bond_allowlist_entries (
    id bigserial, tx_id bytea NOT NULL, tx_index smallint NOT NULL, block_height integer NOT NULL,
    block_hash bytea, block_time bigint, index_block_hash bytea NOT NULL, parent_block_hash bytea,
    parent_index_block_hash bytea NOT NULL, burn_block_height integer, burn_block_time bigint,
    microblock_hash bytea NOT NULL, microblock_sequence integer NOT NULL,
    microblock_canonical boolean NOT NULL, canonical boolean NOT NULL, bond_index integer NOT NULL,
    staker text NOT NULL, max_sats text NOT NULL
);

CREATE TABLE bond_registrations (
    id bigserial, tx_id bytea NOT NULL, tx_index smallint NOT NULL, block_height integer NOT NULL,
    block_hash bytea, block_time bigint, index_block_hash bytea NOT NULL, parent_block_hash bytea,
    parent_index_block_hash bytea NOT NULL, burn_block_height integer, burn_block_time bigint,
    microblock_hash bytea NOT NULL, microblock_sequence integer NOT NULL,
    microblock_canonical boolean NOT NULL, canonical boolean NOT NULL, bond_index integer NOT NULL,
    signer text NOT NULL, staker text NOT NULL, amount_ustx text NOT NULL, sats_total text NOT NULL,
    first_reward_cycle integer NOT NULL, unlock_burn_height integer NOT NULL, unlock_cycle integer NOT NULL,
    btc_lockup_type smallint NOT NULL, btc_lockup_txs jsonb
);

CREATE TABLE bond_reward_calculations (
    tx_id bytea NOT NULL, tx_index smallint NOT NULL, block_height integer NOT NULL, block_hash bytea,
    block_time bigint, index_block_hash bytea NOT NULL, parent_block_hash bytea,
    parent_index_block_hash bytea NOT NULL, burn_block_height integer, burn_block_time bigint,
    microblock_hash bytea NOT NULL, microblock_sequence integer NOT NULL,
    microblock_canonical boolean NOT NULL, canonical boolean NOT NULL, calculation_height integer NOT NULL,
    gross_accrued_rewards numeric NOT NULL, total_bond_rewards numeric NOT NULL,
    reserve_deposit numeric NOT NULL, reserve_balance numeric NOT NULL, stx_cycle integer NOT NULL,
    total_stx_staker_rewards numeric NOT NULL, cycle_staked_ustx numeric NOT NULL,
    accrued_rewards_per_ustx numeric NOT NULL, cumulative_rewards_per_ustx numeric NOT NULL
);

CREATE TABLE bond_reward_distributions (
    bond_index integer NOT NULL, tx_id bytea NOT NULL, tx_index smallint NOT NULL,
    block_height integer NOT NULL, block_hash bytea, block_time bigint, index_block_hash bytea NOT NULL,
    parent_block_hash bytea, parent_index_block_hash bytea NOT NULL, burn_block_height integer,
    burn_block_time bigint, microblock_hash bytea NOT NULL, microblock_sequence integer NOT NULL,
    microblock_canonical boolean NOT NULL, canonical boolean NOT NULL, target_yield numeric NOT NULL,
    bond_rewards numeric NOT NULL, bond_staked_sats numeric NOT NULL,
    accrued_rewards_per_sat numeric NOT NULL, cumulative_rewards_per_sat numeric NOT NULL
);

CREATE TABLE bonds (
    id bigserial, tx_id bytea NOT NULL, tx_index smallint NOT NULL, block_height integer NOT NULL,
    block_hash bytea NOT NULL, block_time bigint NOT NULL, index_block_hash bytea NOT NULL,
    parent_block_hash bytea NOT NULL, parent_index_block_hash bytea NOT NULL,
    burn_block_height integer NOT NULL, burn_block_time bigint NOT NULL, microblock_hash bytea NOT NULL,
    microblock_sequence integer NOT NULL, microblock_canonical boolean NOT NULL, canonical boolean NOT NULL,
    bond_index integer NOT NULL, target_rate integer NOT NULL, stx_value_ratio integer NOT NULL,
    min_ustx_ratio integer NOT NULL, early_unlock_bytes text NOT NULL, early_unlock_admin text,
    first_reward_cycle integer NOT NULL, bond_start_height integer NOT NULL, unlock_cycle integer NOT NULL,
    unlock_burn_height integer NOT NULL, btc_capacity numeric NOT NULL DEFAULT 0,
    btc_locked numeric NOT NULL DEFAULT 0, stx_locked numeric NOT NULL DEFAULT 0,
    btc_paid_out numeric NOT NULL DEFAULT 0, allowed_count integer NOT NULL DEFAULT 0,
    registered_count integer NOT NULL DEFAULT 0
);

CREATE TABLE burn_block_pox_tx_counts (
    recipient text NOT NULL, count integer NOT NULL DEFAULT 0
);

CREATE TABLE burn_block_pox_txs (
    burn_block_height integer NOT NULL, burn_block_hash bytea NOT NULL, tx_id bytea NOT NULL,
    recipient text NOT NULL, utxo_idx integer NOT NULL, amount numeric NOT NULL, canonical boolean NOT NULL
);

-- Since the migration 1779800000015.
CREATE TABLE burn_blocks (
    id serial, canonical boolean NOT NULL, burn_block_hash bytea NOT NULL, burn_block_height integer NOT NULL,
    burn_amount numeric NOT NULL, reward_amount numeric NOT NULL
);

CREATE TABLE burnchain_rewards (
    id serial, canonical boolean NOT NULL, burn_block_hash bytea NOT NULL, burn_block_height integer NOT NULL,
    burn_amount numeric NOT NULL, reward_recipient text NOT NULL, reward_amount numeric NOT NULL,
    reward_index integer NOT NULL
);

CREATE TABLE chain_tip (
    id boolean NOT NULL DEFAULT true, block_height integer NOT NULL, block_count integer NOT NULL,
    block_hash bytea NOT NULL, index_block_hash bytea NOT NULL, burn_block_height integer NOT NULL,
    microblock_hash bytea, microblock_sequence integer, microblock_count integer NOT NULL,
    tx_count integer NOT NULL, tx_count_unanchored integer NOT NULL, mempool_tx_count integer DEFAULT 0,
    mempool_updated_at timestamp with time zone DEFAULT now(), bond_count integer NOT NULL DEFAULT 0,
    stx_supply numeric NOT NULL DEFAULT 0
);

CREATE TABLE config_state (
    id boolean NOT NULL DEFAULT true, bns_names_onchain_imported boolean NOT NULL DEFAULT false,
    bns_subdomains_imported boolean NOT NULL DEFAULT false,
    token_offering_imported boolean NOT NULL DEFAULT false
);

CREATE TABLE contract_log_counts (
    contract_identifier text NOT NULL, count integer NOT NULL DEFAULT 0
);

CREATE TABLE contract_logs (
    id serial, event_index integer NOT NULL, tx_id bytea NOT NULL, tx_index smallint NOT NULL,
    block_height integer NOT NULL, index_block_hash bytea NOT NULL, parent_index_block_hash bytea NOT NULL,
    microblock_hash bytea NOT NULL, microblock_sequence integer NOT NULL,
    microblock_canonical boolean NOT NULL, canonical boolean NOT NULL, contract_identifier text NOT NULL,
    topic text NOT NULL, value bytea NOT NULL
);

CREATE TABLE ft_balances (
    id bigserial, address text NOT NULL, token text NOT NULL, balance numeric NOT NULL
);

CREATE TABLE ft_events (
    id serial, event_index integer NOT NULL, tx_id bytea NOT NULL, tx_index smallint NOT NULL,
    block_height integer NOT NULL, index_block_hash bytea NOT NULL, parent_index_block_hash bytea NOT NULL,
    microblock_hash bytea NOT NULL, microblock_sequence integer NOT NULL,
    microblock_canonical boolean NOT NULL, canonical boolean NOT NULL, asset_event_type_id smallint NOT NULL,
    asset_identifier text NOT NULL, amount numeric NOT NULL, sender text, recipient text
);

CREATE TABLE mempool_txs (
    id serial, pruned boolean NOT NULL, tx_id bytea NOT NULL, type_id smallint NOT NULL,
    anchor_mode smallint NOT NULL, status smallint NOT NULL, post_conditions bytea NOT NULL,
    nonce integer NOT NULL, fee_rate bigint NOT NULL, sponsored boolean NOT NULL, sponsor_address text,
    sponsor_nonce integer, sender_address text NOT NULL, origin_hash_mode smallint NOT NULL,
    raw_tx bytea NOT NULL, receipt_time integer NOT NULL, receipt_block_height integer NOT NULL,
    token_transfer_recipient_address text, token_transfer_amount bigint, token_transfer_memo bytea,
    smart_contract_clarity_version smallint, smart_contract_contract_id text, smart_contract_source_code text,
    contract_call_contract_id text, contract_call_function_name text, contract_call_function_args bytea,
    poison_microblock_header_1 bytea, poison_microblock_header_2 bytea, coinbase_payload bytea,
    coinbase_alt_recipient text, coinbase_vrf_proof bytea, tenure_change_tenure_consensus_hash bytea,
    tenure_change_prev_tenure_consensus_hash bytea, tenure_change_burn_view_consensus_hash bytea,
    tenure_change_previous_tenure_end bytea, tenure_change_previous_tenure_blocks integer,
    tenure_change_cause smallint, tenure_change_pubkey_hash bytea,
    tx_size integer NOT NULL GENERATED ALWAYS AS (length(raw_tx)) STORED, replaced_by_tx_id bytea
);

CREATE TABLE microblocks (
    id bigserial,
    receive_timestamp timestamp without time zone NOT NULL DEFAULT (now() AT TIME ZONE 'utc'::text),
    canonical boolean NOT NULL, microblock_canonical boolean NOT NULL, microblock_hash bytea NOT NULL,
    microblock_sequence integer NOT NULL, microblock_parent_hash bytea NOT NULL,
    index_block_hash bytea NOT NULL, parent_index_block_hash bytea NOT NULL, block_height integer NOT NULL,
    parent_block_height integer NOT NULL, parent_block_hash bytea NOT NULL,
    parent_burn_block_height integer NOT NULL, parent_burn_block_time integer NOT NULL,
    parent_burn_block_hash bytea NOT NULL, block_hash bytea NOT NULL
);

CREATE TABLE miner_rewards (
    id serial, block_hash bytea NOT NULL, index_block_hash bytea NOT NULL,
    from_index_block_hash bytea NOT NULL, mature_block_height integer NOT NULL, canonical boolean NOT NULL,
    recipient text NOT NULL, miner_address text, coinbase_amount numeric NOT NULL,
    tx_fees_anchored numeric NOT NULL, tx_fees_streamed_confirmed numeric NOT NULL,
    tx_fees_streamed_produced numeric NOT NULL
);

CREATE TABLE names (
    id serial, name text NOT NULL, address text NOT NULL, registered_at integer NOT NULL,
    expire_block integer NOT NULL, zonefile_hash text NOT NULL, namespace_id text NOT NULL, grace_period text,
    renewal_deadline integer, resolver text, tx_id bytea, tx_index smallint NOT NULL, event_index integer,
    status text, canonical boolean DEFAULT true, index_block_hash bytea,
    parent_index_block_hash bytea NOT NULL, microblock_hash bytea NOT NULL,
    microblock_sequence integer NOT NULL, microblock_canonical boolean NOT NULL
);

CREATE TABLE namespaces (
    id serial, namespace_id text NOT NULL, launched_at integer, address text NOT NULL,
    reveal_block integer NOT NULL, ready_block integer NOT NULL, buckets text NOT NULL, base numeric NOT NULL,
    coeff numeric NOT NULL, nonalpha_discount numeric NOT NULL, no_vowel_discount numeric NOT NULL,
    lifetime integer NOT NULL, status text, tx_id bytea, tx_index smallint NOT NULL,
    canonical boolean NOT NULL DEFAULT true, index_block_hash bytea, parent_index_block_hash bytea NOT NULL,
    microblock_hash bytea NOT NULL, microblock_sequence integer NOT NULL,
    microblock_canonical boolean NOT NULL
);

CREATE TABLE nft_custody (
    asset_identifier text NOT NULL, value bytea NOT NULL, recipient text, block_height integer NOT NULL,
    index_block_hash bytea NOT NULL, parent_index_block_hash bytea NOT NULL, microblock_hash bytea NOT NULL,
    microblock_sequence integer NOT NULL, tx_id bytea NOT NULL, tx_index smallint NOT NULL,
    event_index integer NOT NULL
);

CREATE TABLE nft_events (
    id serial, event_index integer NOT NULL, tx_id bytea NOT NULL, tx_index smallint NOT NULL,
    block_height integer NOT NULL, index_block_hash bytea NOT NULL, parent_index_block_hash bytea NOT NULL,
    microblock_hash bytea NOT NULL, microblock_sequence integer NOT NULL,
    microblock_canonical boolean NOT NULL, canonical boolean NOT NULL, asset_event_type_id smallint NOT NULL,
    asset_identifier text NOT NULL, value bytea NOT NULL, sender text, recipient text
);

CREATE TABLE pgmigrations (
    id serial, name character varying(255) NOT NULL, run_on timestamp without time zone NOT NULL
);

CREATE TABLE pox2_events (
    id bigserial, event_index integer NOT NULL, tx_id bytea NOT NULL, tx_index smallint NOT NULL,
    block_height integer NOT NULL, index_block_hash bytea NOT NULL, parent_index_block_hash bytea NOT NULL,
    microblock_hash bytea NOT NULL, microblock_sequence integer NOT NULL,
    microblock_canonical boolean NOT NULL, canonical boolean NOT NULL, stacker text NOT NULL,
    locked numeric NOT NULL, balance numeric NOT NULL, burnchain_unlock_height bigint NOT NULL,
    name text NOT NULL, pox_addr text, pox_addr_raw bytea, first_cycle_locked numeric,
    first_unlocked_cycle numeric, delegate_to text, lock_period numeric, lock_amount numeric,
    start_burn_height numeric, unlock_burn_height numeric, delegator text, increase_by numeric,
    total_locked numeric, extend_count numeric, reward_cycle numeric, amount_ustx numeric
);

CREATE TABLE pox3_events (
    id bigserial, event_index integer NOT NULL, tx_id bytea NOT NULL, tx_index smallint NOT NULL,
    block_height integer NOT NULL, index_block_hash bytea NOT NULL, parent_index_block_hash bytea NOT NULL,
    microblock_hash bytea NOT NULL, microblock_sequence integer NOT NULL,
    microblock_canonical boolean NOT NULL, canonical boolean NOT NULL, stacker text NOT NULL,
    locked numeric NOT NULL, balance numeric NOT NULL, burnchain_unlock_height bigint NOT NULL,
    name text NOT NULL, pox_addr text, pox_addr_raw bytea, first_cycle_locked numeric,
    first_unlocked_cycle numeric, delegate_to text, lock_period numeric, lock_amount numeric,
    start_burn_height numeric, unlock_burn_height numeric, delegator text, increase_by numeric,
    total_locked numeric, extend_count numeric, reward_cycle numeric, amount_ustx numeric
);

CREATE TABLE pox4_events (
    id bigserial, event_index integer NOT NULL, tx_id bytea NOT NULL, tx_index smallint NOT NULL,
    block_height integer NOT NULL, index_block_hash bytea NOT NULL, parent_index_block_hash bytea NOT NULL,
    microblock_hash bytea NOT NULL, microblock_sequence integer NOT NULL,
    microblock_canonical boolean NOT NULL, canonical boolean NOT NULL, stacker text NOT NULL,
    locked numeric NOT NULL, balance numeric NOT NULL, burnchain_unlock_height bigint NOT NULL,
    name text NOT NULL, pox_addr text, pox_addr_raw bytea, first_cycle_locked numeric,
    first_unlocked_cycle numeric, delegate_to text, lock_period numeric, lock_amount numeric,
    start_burn_height numeric, unlock_burn_height numeric, delegator text, increase_by numeric,
    total_locked numeric, extend_count numeric, reward_cycle numeric, amount_ustx numeric, signer_key bytea,
    end_cycle_id numeric, start_cycle_id numeric
);

CREATE TABLE pox5_events (
    id bigserial, event_index integer NOT NULL, tx_id bytea NOT NULL, tx_index smallint NOT NULL,
    block_height integer NOT NULL, block_hash bytea, block_time bigint, index_block_hash bytea NOT NULL,
    parent_block_hash bytea, parent_index_block_hash bytea NOT NULL, burn_block_height integer,
    burn_block_time bigint, microblock_hash bytea NOT NULL, microblock_sequence integer NOT NULL,
    microblock_canonical boolean NOT NULL, canonical boolean NOT NULL, name text NOT NULL, data jsonb NOT NULL
);

CREATE TABLE pox_cycles (
    id bigserial, block_height integer NOT NULL, index_block_hash bytea NOT NULL,
    parent_index_block_hash bytea NOT NULL, cycle_number integer NOT NULL, canonical boolean NOT NULL,
    total_weight integer NOT NULL, total_stacked_amount numeric NOT NULL, total_signers integer NOT NULL
);

CREATE TABLE pox_sets (
    id bigserial, block_height integer NOT NULL, index_block_hash bytea NOT NULL,
    parent_index_block_hash bytea NOT NULL, cycle_number integer NOT NULL,
    pox_ustx_threshold numeric NOT NULL, canonical boolean NOT NULL, signing_key bytea NOT NULL,
    weight integer NOT NULL, stacked_amount numeric NOT NULL, weight_percent double precision NOT NULL,
    stacked_amount_percent double precision NOT NULL, total_weight integer NOT NULL,
    total_stacked_amount numeric NOT NULL
);

CREATE TABLE pox_state (
    id boolean NOT NULL DEFAULT true, pox_v1_unlock_height bigint NOT NULL DEFAULT 0,
    pox_v2_unlock_height bigint NOT NULL DEFAULT 0, pox_v3_unlock_height bigint NOT NULL DEFAULT 0,
    pox_v4_unlock_height bigint NOT NULL DEFAULT 0,
    -- Since the migration 1779800000019.
    pox_first_burnchain_block_height integer, pox_reward_cycle_length integer,
    pox_prepare_phase_block_length integer
);

CREATE TABLE principal_bond_positions (
    id bigserial, principal text NOT NULL, bond_index integer NOT NULL, tx_id bytea NOT NULL,
    tx_index smallint NOT NULL, block_height integer NOT NULL, block_hash bytea, block_time bigint,
    index_block_hash bytea NOT NULL, parent_block_hash bytea, parent_index_block_hash bytea NOT NULL,
    burn_block_height integer, burn_block_time bigint, microblock_hash bytea NOT NULL,
    microblock_sequence integer NOT NULL, microblock_canonical boolean NOT NULL, canonical boolean NOT NULL,
    status smallint NOT NULL, active boolean NOT NULL, btc_locked numeric NOT NULL,
    stx_locked numeric NOT NULL, btc_paid_out numeric NOT NULL, accrued_rewards numeric NOT NULL DEFAULT 0,
    claimed_rewards numeric NOT NULL DEFAULT 0
);

CREATE TABLE principal_bond_reward_claims (
    id bigserial, principal text NOT NULL, signer_manager text NOT NULL, reward_cycle integer NOT NULL,
    bond_index integer, rewards_claimed numeric NOT NULL, tx_id bytea NOT NULL, tx_index smallint NOT NULL,
    block_height integer NOT NULL, block_hash bytea, block_time bigint, index_block_hash bytea NOT NULL,
    parent_block_hash bytea, parent_index_block_hash bytea NOT NULL, burn_block_height integer,
    burn_block_time bigint, microblock_hash bytea NOT NULL, microblock_sequence integer NOT NULL,
    microblock_canonical boolean NOT NULL, canonical boolean NOT NULL
);

CREATE TABLE principal_bond_reward_distributions (
    id bigserial, principal text NOT NULL, bond_index integer NOT NULL, reward_amount numeric NOT NULL,
    tx_id bytea NOT NULL, tx_index smallint NOT NULL, block_height integer NOT NULL, block_hash bytea,
    block_time bigint, index_block_hash bytea NOT NULL, parent_block_hash bytea,
    parent_index_block_hash bytea NOT NULL, burn_block_height integer, burn_block_time bigint,
    microblock_hash bytea NOT NULL, microblock_sequence integer NOT NULL,
    microblock_canonical boolean NOT NULL, canonical boolean NOT NULL
);

CREATE TABLE principal_staking_totals (
    principal text NOT NULL, stx_accrued_rewards numeric NOT NULL DEFAULT 0,
    stx_claimed_rewards numeric NOT NULL DEFAULT 0, bond_count integer NOT NULL DEFAULT 0,
    bond_btc_locked numeric NOT NULL DEFAULT 0, bond_stx_locked numeric NOT NULL DEFAULT 0,
    bond_accrued_rewards numeric NOT NULL DEFAULT 0, bond_claimed_rewards numeric NOT NULL DEFAULT 0
);

CREATE TABLE principal_stx_reward_distributions (
    id bigserial, principal text NOT NULL, reward_cycle integer NOT NULL, reward_amount numeric NOT NULL,
    tx_id bytea NOT NULL, tx_index smallint NOT NULL, block_height integer NOT NULL, block_hash bytea,
    block_time bigint, index_block_hash bytea NOT NULL, parent_block_hash bytea,
    parent_index_block_hash bytea NOT NULL, burn_block_height integer, burn_block_time bigint,
    microblock_hash bytea NOT NULL, microblock_sequence integer NOT NULL,
    microblock_canonical boolean NOT NULL, canonical boolean NOT NULL
);

CREATE TABLE principal_tx_balance_changes (
    principal text NOT NULL, tx_id bytea NOT NULL, block_height integer NOT NULL,
    index_block_hash bytea NOT NULL, microblock_hash bytea NOT NULL, microblock_sequence integer NOT NULL,
    tx_index smallint NOT NULL, canonical boolean NOT NULL, microblock_canonical boolean NOT NULL,
    asset_type smallint NOT NULL, asset_identifier text NOT NULL, sent numeric NOT NULL,
    received numeric NOT NULL
);

CREATE TABLE principal_tx_counts (
    principal text NOT NULL, count integer NOT NULL DEFAULT 0
);

CREATE TABLE principal_txs (
    principal text NOT NULL, tx_id bytea NOT NULL, block_height integer NOT NULL,
    index_block_hash bytea NOT NULL, microblock_hash bytea NOT NULL, microblock_sequence integer NOT NULL,
    tx_index smallint NOT NULL, canonical boolean NOT NULL, microblock_canonical boolean NOT NULL,
    stx_balance_affected boolean NOT NULL DEFAULT false, ft_balance_affected boolean NOT NULL DEFAULT false,
    nft_balance_affected boolean NOT NULL DEFAULT false, stx_sent bigint NOT NULL DEFAULT 0,
    stx_received bigint NOT NULL DEFAULT 0, stx_transfer_event_count integer NOT NULL DEFAULT 0,
    stx_mint_event_count integer NOT NULL DEFAULT 0, stx_burn_event_count integer NOT NULL DEFAULT 0,
    ft_transfer_event_count integer NOT NULL DEFAULT 0, ft_mint_event_count integer NOT NULL DEFAULT 0,
    ft_burn_event_count integer NOT NULL DEFAULT 0, nft_transfer_event_count integer NOT NULL DEFAULT 0,
    nft_mint_event_count integer NOT NULL DEFAULT 0, nft_burn_event_count integer NOT NULL DEFAULT 0,
    balance_change_count integer NOT NULL DEFAULT 0
);

CREATE TABLE reward_slot_holders (
    id serial, canonical boolean NOT NULL, burn_block_hash bytea NOT NULL, burn_block_height integer NOT NULL,
    address text NOT NULL, slot_index integer NOT NULL
);

CREATE TABLE signer_key_grants (
    id bigserial, kind smallint NOT NULL, signer_manager text NOT NULL, signer_key bytea NOT NULL,
    auth_id numeric, event_index integer NOT NULL, tx_id bytea NOT NULL, tx_index smallint NOT NULL,
    block_height integer NOT NULL, block_hash bytea, block_time bigint, index_block_hash bytea NOT NULL,
    parent_block_hash bytea, parent_index_block_hash bytea NOT NULL, burn_block_height integer,
    burn_block_time bigint, microblock_hash bytea NOT NULL, microblock_sequence integer NOT NULL,
    microblock_canonical boolean NOT NULL, canonical boolean NOT NULL
);

CREATE TABLE signer_reward_claims (
    id bigserial, signer_manager text NOT NULL, reward_cycle integer NOT NULL, stx_earned numeric NOT NULL,
    stx_rewards_per_token numeric NOT NULL, bond_rewards jsonb NOT NULL, bond_totals numeric NOT NULL,
    total_rewards numeric NOT NULL, tx_id bytea NOT NULL, tx_index smallint NOT NULL,
    block_height integer NOT NULL, block_hash bytea, block_time bigint, index_block_hash bytea NOT NULL,
    parent_block_hash bytea, parent_index_block_hash bytea NOT NULL, burn_block_height integer,
    burn_block_time bigint, microblock_hash bytea NOT NULL, microblock_sequence integer NOT NULL,
    microblock_canonical boolean NOT NULL, canonical boolean NOT NULL
);

CREATE TABLE smart_contracts (
    id serial, tx_id bytea NOT NULL, canonical boolean NOT NULL, contract_id text NOT NULL,
    block_height integer NOT NULL, index_block_hash bytea NOT NULL, parent_index_block_hash bytea NOT NULL,
    microblock_hash bytea NOT NULL, microblock_sequence integer NOT NULL,
    microblock_canonical boolean NOT NULL, clarity_version smallint, source_code text NOT NULL,
    abi jsonb NOT NULL
);

CREATE TABLE staking_signers (
    signer text NOT NULL, signer_key bytea NOT NULL, tx_id bytea NOT NULL, block_height integer NOT NULL,
    burn_block_height integer NOT NULL
);

CREATE TABLE stx_events (
    id serial, event_index integer NOT NULL, tx_id bytea NOT NULL, tx_index smallint NOT NULL,
    block_height integer NOT NULL, index_block_hash bytea NOT NULL, parent_index_block_hash bytea NOT NULL,
    microblock_hash bytea NOT NULL, microblock_sequence integer NOT NULL,
    microblock_canonical boolean NOT NULL, canonical boolean NOT NULL, asset_event_type_id smallint NOT NULL,
    amount bigint NOT NULL, sender text, recipient text, memo bytea
);

CREATE TABLE stx_lock_events (
    id serial, event_index integer NOT NULL, tx_id bytea NOT NULL, tx_index smallint NOT NULL,
    block_height integer NOT NULL, index_block_hash bytea NOT NULL, parent_index_block_hash bytea NOT NULL,
    microblock_hash bytea NOT NULL, microblock_sequence integer NOT NULL,
    microblock_canonical boolean NOT NULL, canonical boolean NOT NULL, locked_amount numeric NOT NULL,
    unlock_height integer NOT NULL, locked_address text NOT NULL, contract_name text NOT NULL
);

CREATE TABLE stx_locked_balances (
    principal text NOT NULL, locked_amount numeric NOT NULL, unlock_burn_height bigint NOT NULL,
    pox_version smallint NOT NULL, lock_tx_id bytea NOT NULL, lock_block_height integer NOT NULL,
    burnchain_lock_height bigint NOT NULL, signer text
);

CREATE TABLE subdomains (
    id serial, name text NOT NULL, namespace_id text NOT NULL, fully_qualified_subdomain text NOT NULL,
    owner text NOT NULL, zonefile_hash text NOT NULL, parent_zonefile_hash text NOT NULL,
    parent_zonefile_index integer NOT NULL, tx_index smallint NOT NULL, block_height integer NOT NULL,
    zonefile_offset integer, resolver text, tx_id bytea, canonical boolean NOT NULL DEFAULT true,
    index_block_hash bytea, parent_index_block_hash bytea NOT NULL, microblock_hash bytea NOT NULL,
    microblock_sequence integer NOT NULL, microblock_canonical boolean NOT NULL
);

CREATE TABLE txs (
    id serial, tx_id bytea NOT NULL, tx_index smallint NOT NULL, raw_result bytea NOT NULL,
    index_block_hash bytea NOT NULL, block_hash bytea NOT NULL, block_height integer NOT NULL,
    parent_block_hash bytea NOT NULL, burn_block_time integer NOT NULL,
    parent_burn_block_time integer NOT NULL, type_id smallint NOT NULL, anchor_mode smallint NOT NULL,
    status smallint NOT NULL, canonical boolean NOT NULL, post_conditions bytea NOT NULL,
    nonce integer NOT NULL, fee_rate bigint NOT NULL, sponsored boolean NOT NULL, sponsor_address text,
    sponsor_nonce integer, sender_address text NOT NULL, origin_hash_mode smallint NOT NULL,
    event_count integer NOT NULL, execution_cost_read_count bigint NOT NULL,
    execution_cost_read_length bigint NOT NULL, execution_cost_runtime bigint NOT NULL,
    execution_cost_write_count bigint NOT NULL, execution_cost_write_length bigint NOT NULL,
    raw_tx bytea NOT NULL, microblock_canonical boolean NOT NULL, microblock_sequence integer NOT NULL,
    microblock_hash bytea NOT NULL, parent_index_block_hash bytea NOT NULL,
    token_transfer_recipient_address text, token_transfer_amount bigint, token_transfer_memo bytea,
    smart_contract_clarity_version smallint, smart_contract_contract_id text, smart_contract_source_code text,
    contract_call_contract_id text, contract_call_function_name text, contract_call_function_args bytea,
    poison_microblock_header_1 bytea, poison_microblock_header_2 bytea, coinbase_payload bytea,
    coinbase_alt_recipient text, coinbase_vrf_proof bytea, tenure_change_tenure_consensus_hash bytea,
    tenure_change_prev_tenure_consensus_hash bytea, tenure_change_burn_view_consensus_hash bytea,
    tenure_change_previous_tenure_end bytea, tenure_change_previous_tenure_blocks integer,
    tenure_change_cause smallint, tenure_change_pubkey_hash bytea, block_time integer NOT NULL DEFAULT 0,
    burn_block_height integer NOT NULL, vm_error text
);

CREATE TABLE zonefiles (
    id serial, name text NOT NULL, zonefile text NOT NULL, zonefile_hash text NOT NULL, tx_id bytea,
    index_block_hash bytea
);
