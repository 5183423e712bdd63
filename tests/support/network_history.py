"""A synthetic past of the network by hour and by day, of fees, and of the mempool's ages; of `history`."""

# A row for each hour, of each type and status.
NETWORK = """
    CREATE TEMP TABLE past_hours AS
    SELECT day, hour_at FROM past, generate_series(day::timestamptz, day + interval '23 hours', '1 hour') AS hour_at;
    INSERT INTO hourly_transactions
    SELECT day, hour_at, tx_type, tx_status, 17, 40000
    FROM past_hours, unnest(ARRAY['token_transfer', 'smart_contract', 'contract_call']) AS tx_type,
         unnest(ARRAY['success', 'abort_by_response']) AS tx_status;
    INSERT INTO hourly_activity SELECT day, hour_at, 6, 100, 10, 50, 5 FROM past_hours;
    INSERT INTO hourly_new_accounts SELECT day, hour_at, 2 FROM past_hours;
    INSERT INTO daily_network_activity
    SELECT day, 144, 6000, 1200, 1200, 1200, 2400, 2000, 2000, 0, 15000000, 2000, 100, 1000, 50, 50, (number + 1) * 50
    FROM past;
    INSERT INTO daily_fees
    SELECT day, tx_type, 400, 1000000, 80000, 100, 200, 300, 400, 500, 600, 1, 2, 3
    FROM past, unnest(ARRAY['token_transfer', 'smart_contract', 'contract_call']) AS tx_type;
    INSERT INTO mempool_ages
    SELECT day + half_hour * interval '30 minutes', band * 60, 100, 5, 50, 300
    FROM past, generate_series(0, 47) AS half_hour, generate_series(0, 6) AS band
"""
