"""Names of BNS: what happened to them, in both versions of the contract."""

from collections.abc import Iterator

import duckdb
import pyarrow as pa

from stacks_dataverse import clarity
from stacks_dataverse.api_spelling import hex0x
from stacks_dataverse.event_order import EARLIEST_FIRST
from stacks_dataverse.prints import Prints, prints_of_kinds

V1 = "SP000000000000000000002Q6VF78.bns"
V2 = "SP2QEZ06AGJ3RKJPBV14SY1V5BBFNAW33D96YPGZF.BNS-V2"
VERSIONS = {f"{V1}::names": 1, f"{V2}::BNS-V2": 2}

# The second version's tokens are numbers: only prints tell their names, in the transaction in which a token moves.
OF_V1 = "attachment.metadata"
V1_PRINTS = tuple(
    Prints(
        *(V1, topic),
        {"name": (f"{OF_V1}.name", "buffer"), "namespace": (f"{OF_V1}.namespace", "buffer")},
        key=f"{OF_V1}.op",
    )
    for topic in ("name-register", "name-renewal")
)
V2_PRINTS = tuple(
    Prints(
        V2, topic, {"id": ("id", "uint"), "name": ("name.name", "buffer"), "namespace": ("name.namespace", "buffer")}
    )
    for topic in ("new-name", "new-airdrop", "transfer-name", "renew-name", "burn-name")
)

PRINTED = pa.schema(
    [
        *((name, pa.int64()) for name in ("block_height", "microblock_sequence", "tx_index", "event_index")),
        *((name, pa.string()) for name in ("tx_id", "topic", "token_id", "name", "namespace")),
        ("bns_version", pa.int64()),
    ]
)
TOKENS = pa.schema(
    [("value", pa.binary()), ("token_id", pa.string()), ("own_name", pa.string()), ("own_namespace", pa.string())]
)


def name_events(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """What happened to names, in the order in which it happened; `change` is what it added to the names there are.

    A move of a name's token is a registration where it is minted or printed as one, an airdrop if that is printed, a
    burn or else a transfer. A renewal is a print. `token_id` is the token in Clarity's notation, null for a renewal.

    Reads: blocks, nft_events, contract_logs.
    Columns: block_height, microblock_sequence, tx_index, event_index, tx_id, bns_version, kind, name, namespace,
        token_id, change.
    """
    versions = " ".join(f"WHEN '{asset}' THEN {version}" for asset, version in VERSIONS.items())
    assets = ", ".join(f"'{asset}'" for asset in VERSIONS)
    values = day.sql(f"SELECT DISTINCT value FROM nft_events WHERE asset_identifier IN ({assets})").fetchall()
    day.register("name_tokens", pa.Table.from_pylist([_token(value) for (value,) in values], TOKENS))
    day.register("name_prints", pa.Table.from_pylist(list(_printed(day)), PRINTED))
    return day.sql(f"""
        WITH told AS (
            SELECT tx_id, bns_version, token_id, any_value(name) AS name, any_value(namespace) AS namespace,
                   bool_or(topic = 'new-airdrop') AS is_airdrop, bool_or(topic = 'name-register') AS is_registered
            FROM name_prints GROUP BY tx_id, bns_version, token_id
        ), moved AS (
            SELECT block_height, microblock_sequence, tx_index, event_index, {hex0x("tx_id")} AS tx_id,
                   CASE asset_identifier {versions} END AS bns_version, asset_event_type_id, name_tokens.*,
                   row_number() OVER (PARTITION BY tx_id, asset_identifier, value ORDER BY event_index) = 1 AS is_first
            FROM nft_events JOIN blocks USING (index_block_hash) JOIN name_tokens USING (value)
            WHERE asset_identifier IN ({assets})
        )
        SELECT block_height, microblock_sequence, tx_index, event_index, tx_id, bns_version,
               CASE WHEN asset_event_type_id = 3 THEN 'burn'
                    WHEN is_airdrop AND asset_event_type_id = 2 THEN 'airdrop'
                    -- A contract that registers a name may hand it on at once.
                    WHEN is_registered AND is_first OR asset_event_type_id = 2 THEN 'registration'
                    ELSE 'transfer' END AS kind,
               COALESCE(own_name, name) AS name, COALESCE(own_namespace, namespace, '') AS namespace, token_id,
               CASE asset_event_type_id WHEN 2 THEN 1 WHEN 3 THEN -1 ELSE 0 END AS change
        FROM moved LEFT JOIN told USING (tx_id, bns_version, token_id)
        UNION ALL
        SELECT block_height, microblock_sequence, tx_index, event_index, tx_id, bns_version, 'renewal', name, namespace,
               NULL, 0
        FROM name_prints WHERE topic IN ('name-renewal', 'renew-name')
        ORDER BY {EARLIEST_FIRST}
    """).to_arrow_table()


def daily_names(state: duckdb.DuckDBPyConnection) -> pa.Table:
    """What happened to the names of each namespace on the day, and how many there are at its end.

    Reads: names_held, name_counts.
    Columns: bns_version, namespace, registrations, airdrops, renewals, transfers, burns, names.
    """
    kinds = {"registrations": "registration", "airdrops": "airdrop", "renewals": "renewal", "transfers": "transfer",
             "burns": "burn"}  # fmt: skip
    counts = ", ".join(
        f"COALESCE(sum(events) FILTER (kind = '{kind}'), 0)::BIGINT AS {name}" for name, kind in kinds.items()
    )
    return state.sql(f"""
        SELECT bns_version, namespace, {counts}, any_value(names_held.names)::BIGINT AS names
        FROM names_held LEFT JOIN name_counts USING (bns_version, namespace)
        GROUP BY bns_version, namespace ORDER BY bns_version, namespace
    """).to_arrow_table()


def _token(value: bytes) -> dict[str, object]:
    """What a token's id says: of the first version its name, of the second no more than a number."""
    decoded = clarity.decode(value)
    fields = dict(decoded.fields) if isinstance(decoded, clarity.Tuple) else {}
    names = [_text(fields[key].data) if key in fields else None for key in ("name", "namespace")]
    name = ".".join(names) if None not in names else None
    return {"value": value, "token_id": clarity.to_text(decoded), "own_name": name, "own_namespace": names[1]}


def _printed(day: duckdb.DuckDBPyConnection) -> Iterator[dict[str, object]]:
    kinds = (*V1_PRINTS, *V2_PRINTS)
    for kind, rows in zip(kinds, prints_of_kinds(day, kinds), strict=True):
        for row in rows.drop_columns("contract").to_pylist():
            yield _named(row) | {"topic": kind.topic, "bns_version": 1 if kind.contract == V1 else 2}


def _named(row: dict[str, object]) -> dict[str, object]:
    """A print with its name as text, and the token that it is of as Clarity writes it."""
    name, namespace = row.pop("name"), row.pop("namespace")
    token = f"u{row.pop('id')}" if "id" in row else clarity.to_text(_v1_token(name, namespace))
    label = _text(namespace)
    return {**row, "token_id": token, "name": f"{_text(name)}.{label}", "namespace": label}


def _v1_token(name: bytes, namespace: bytes) -> clarity.Tuple:
    return clarity.Tuple((("name", clarity.Buffer(name)), ("namespace", clarity.Buffer(namespace))))


def _text(data: bytes) -> str:
    """The text of a name; what is no printable ASCII as hex."""
    return data.decode("ascii") if data.isascii() and data.decode("ascii").isprintable() else f"0x{data.hex()}"
