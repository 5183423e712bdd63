"""How the Stacks API spells what the chain holds in bytes and in codes: fragments of SQL, of DuckDB's dialect."""

# The names of the Stacks API for `txs.type_id` and `txs.status` (stacks-blockchain-api, DbTxTypeId and DbTxStatus).
TX_TYPES = {
    0: "token_transfer",
    1: "smart_contract",
    2: "contract_call",
    3: "poison_microblock",
    4: "coinbase",
    5: "coinbase",
    6: "smart_contract",
    7: "tenure_change",
    8: "coinbase",
}
# The types that users send; the others are those of miners, and of proofs against them.
USER_TYPES = (0, 1, 2, 6)
TX_STATUSES = {
    1: "success",
    -1: "abort_by_response",
    -2: "abort_by_post_condition",
    -3: "problematic_skipped",
}


def hex0x(column: str) -> str:
    """SQL for bytes as the API writes them: small hex digits after 0x."""
    return f"'0x' || lower(hex({column}))"


def code_labels(column: str, meanings: dict[int, str]) -> str:
    """SQL for the name of a code in a column; `unknown_<code>` where the code has none yet."""
    cases = " ".join(f"WHEN {code} THEN '{word}'" for code, word in meanings.items())
    return f"CASE {column} {cases} ELSE 'unknown_' || {column} END"
