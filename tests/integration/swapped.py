"""A swap by itself, as SQL that puts it in the warehouse."""


def swapped(day: str, *, is_as_moved: bool) -> str:
    """A statement that adds a swap of 1 for 1 to a day."""
    return f"""
        INSERT INTO swaps (day, block_height, microblock_sequence, tx_index, event_index, tx_id, protocol, contract,
                           pool, trader, amount_in, amount_out, user_in, is_as_moved)
        VALUES ('{day}', 1, 0, 0, 0, '0x', 'Velar', 'SP.core', '1', 'SP', 1, 1, 1, {is_as_moved})
    """
