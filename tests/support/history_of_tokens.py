"""The past of fungible tokens, for `history`: of its days and accounts."""

# A hundred tokens. On each day each of them moves to three new holders, and to the one that holds most.
TOKENS = """
    INSERT INTO token_balance_changes
    SELECT day, pg_temp.account(move % 100) || '.token::token', pg_temp.account(holder), 1 + holder % 7
    FROM past, generate_series(0, 399) AS move,
         LATERAL (SELECT CASE WHEN move < 100 THEN 0 ELSE 1 + number::bigint * 400 + move END) AS moved (holder);
    INSERT INTO token_balances
    SELECT asset_identifier, principal, sum(change) FROM token_balance_changes GROUP BY asset_identifier, principal;
    INSERT INTO daily_token_activity
    SELECT day, asset_identifier, 0, 0, 0, count(*), 0, 0, sum(change), 0
    FROM token_balance_changes GROUP BY day, asset_identifier;
    INSERT INTO fungible_tokens
    SELECT asset_identifier, min(day) FROM daily_token_activity GROUP BY asset_identifier;
    INSERT INTO token_holdings
    SELECT day, asset_identifier, principal, sum(change) OVER (PARTITION BY asset_identifier, principal ORDER BY day)
    FROM token_balance_changes;
    INSERT INTO daily_tokens
    SELECT day, asset_identifier, sum(minted) OVER (PARTITION BY asset_identifier ORDER BY day), 100, 0, 0.5
    FROM daily_token_activity;
    INSERT INTO daily_protocol_balances
    SELECT day, protocol, pg_temp.account(asset) || '.token::token', number + 1
    FROM past, generate_series(0, 19) AS asset, unnest(ARRAY['ALEX', 'Velar']) AS protocol
"""
