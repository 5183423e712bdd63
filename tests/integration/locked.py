"""What is locked at the tip, as the API's own tables say: locks in one, bonds in another."""

# Locks that run as the node ends them; the API's own query holds them one Bitcoin block longer.
LOCKED = """
    SELECT principal, locked_amount
    FROM chain_tip, pox_state, stx_locked_balances
    WHERE locked_amount > 0 AND unlock_burn_height > burn_block_height
      AND COALESCE(NULLIF(
          (ARRAY[pox_v1_unlock_height, pox_v2_unlock_height, pox_v3_unlock_height, pox_v4_unlock_height]
          )[pox_version], 0) > burn_block_height, true)
"""

# The API's table has no bonds: who came into one from a stake has that in it still.
BONDED = """
    SELECT principal, bonded FROM (
        SELECT DISTINCT ON (data ->> 'staker') data ->> 'staker' AS principal, name,
               (data ->> 'amount_ustx')::numeric AS bonded, (data ->> 'unlock_burn_height')::integer AS ends
        FROM pox5_events WHERE canonical AND name IN ('stake', 'stake-update', 'unstake', 'register-for-bond')
        ORDER BY data ->> 'staker', block_height DESC, tx_index DESC, event_index DESC) AS latest, chain_tip
    WHERE name = 'register-for-bond' AND ends > burn_block_height
"""

LOCKED_OR_BONDED = f"({LOCKED}) AS locked FULL JOIN ({BONDED}) AS bonds USING (principal)"
