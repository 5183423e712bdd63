"""A past of swaps, for `history`: fifty a day."""

EXCHANGES = """
    INSERT INTO swaps
    SELECT day, height + 1 + event, 2147483647, event, 0, pg_temp.hash(number * 50 + event), 'Velar', 'SP.core',
           event % 20, pg_temp.account(event), 'STX', 1000000, 'SP.t::t', 5, 3, 1000000, 1000000, NULL, true
    FROM past, generate_series(0, 49) AS event;
    INSERT INTO daily_exchange_volume SELECT day, 'Velar', 50, 50, 50, 20, 0, 50000000, 0, 50000000, 0, 150, 0 FROM past
"""
