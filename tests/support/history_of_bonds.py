"""The synthetic past of signers and bonds: after reward cycles and distributions of `history`."""

# A bond begins every 28 days, and lasts for 168. The sample chain has those of the numbers from 0.
SIGNERS_AND_BONDS = """
    INSERT INTO cycle_signers
    SELECT day, cycle, pg_temp.hash(signer), block_height, 1 + signer, 10000000000000
    FROM reward_cycles, generate_series(1, 40) AS signer;
    INSERT INTO stacking_cycles
    SELECT day, cycle, block_height, stacked_ustx, 1000000000000000, 0.5, min_threshold_ustx, signers, 820, 0.1, 5, 20,
           0, 0
    FROM reward_cycles;
    INSERT INTO signer_keys
    SELECT day, height + 1, 2147483647, 1, 0, pg_temp.hash(number), pg_temp.account(number % 10), pg_temp.hash(number)
    FROM past;
    INSERT INTO bond_setups
    SELECT day, 1000 + number / 28, height + 1, 2147483647, 2, 0, pg_temp.hash(number), 400, 3000, 3333, number / 14,
           burn_height, number / 14 + 12, burn_height + 25200
    FROM past WHERE number % 28 = 0;
    INSERT INTO bond_changes
    SELECT past.day, bond_index, 1, 500, 1, 500, 0, 600, 0, 0, 0, 1, 9, 8, 7
    FROM past JOIN bond_setups ON past.day BETWEEN bond_setups.day AND bond_setups.day + 167;
    INSERT INTO bond_sums
    SELECT bond_index, sum(allowed), sum(capacity_sats), sum(registrations), sum(registered_sats), sum(l1_sats),
           sum(registered_ustx), sum(withdrawn_sats), sum(released_sats), sum(early_exits), sum(distributions),
           sum(target_sats), sum(paid_sats), sum(claimed_sats)
    FROM bond_changes GROUP BY bond_index;
    INSERT INTO bond_exits SELECT day, bond_index, bond_index * 2 + 1, 1, 0, 0 FROM bond_changes;
    INSERT INTO bond_exit_sums
    SELECT bond_index, cycle, sum(withdrawn_sats), sum(released_sats), sum(exits) FROM bond_exits GROUP BY 1, 2;
    INSERT INTO bond_distributions
    SELECT day, block_height, microblock_sequence, tx_index, bond - 999, tx_id, bond, cycle, calculation_height,
           500, 9, 8
    FROM stacking_distributions, generate_series(1000, 1005) AS bond;
    INSERT INTO daily_bonds
    SELECT past.day, bond_index, 'running', 400, first_cycle, start_height, unlock_cycle, unlock_height, 1, 500, 1,
           500, 0, 600, 0, 0, 1, 9, 8, 1, 7
    FROM past JOIN bond_setups ON bond_setups.day <= past.day
"""
