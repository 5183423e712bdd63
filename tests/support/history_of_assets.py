"""The part of a synthetic past (`history`) that is of names and of sBTC."""

# Forty events of names a day in ten namespaces, and ten withdrawals, each accepted on the next day.
NAMES_AND_SBTC = """
    INSERT INTO name_events
    SELECT day, height + 1 + event, 2147483647, event, 0, pg_temp.hash(number * 40 + event), 2, 'registration',
           'name-' || number * 40 + event || '.space-' || event % 10, 'space-' || event % 10,
           'u' || number * 40 + event, 1
    FROM past, generate_series(0, 39) AS event;
    INSERT INTO bns_namespaces SELECT bns_version, namespace, sum(change) FROM name_events GROUP BY 1, 2;
    INSERT INTO daily_names
    SELECT day, 2, 'space-' || space, 4, 0, 0, 0, 0, (number + 1) * 4 FROM past, generate_series(0, 9) AS space;
    INSERT INTO sbtc_withdrawal_events
    SELECT day, height + 1 + event, 2147483647, event, 0, pg_temp.hash(number * 20 + event),
           (number - event / 10) * 10 + event % 10, CASE WHEN event < 10 THEN 'created' ELSE 'accepted' END,
           CASE WHEN event < 10 THEN 100000 END, CASE WHEN event < 10 THEN 3000 END, burn_height + event,
           CASE WHEN event >= 10 THEN 3000 END
    FROM past, generate_series(0, 19) AS event WHERE number > 0 OR event < 10;
    INSERT INTO sbtc_withdrawals
    SELECT request_id, day, amount_sats, max_fee_sats, burn_block_height, block_height, microblock_sequence, tx_index,
           event_index
    FROM sbtc_withdrawal_events WHERE kind = 'created';
    INSERT INTO sbtc_supply_changes SELECT day, 10, 1030000, 1030000, 1030000, 1030000, 1030000, 0 FROM past;
    INSERT INTO daily_sbtc
    SELECT day, 10, 1030000, 10, 1000000, 10, 1000000, 30000, 0, 0, 144, 144, 0, 1030000, 0, 0 FROM past
"""
