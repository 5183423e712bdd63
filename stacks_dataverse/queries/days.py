"""Which days are loaded, failed their checks, lack tables, or have all of the chain's past before them; as SQL.

A Stacks chain begins at height 1. A day has its whole past when days from that height up to it are built without a
gap: the days follow one another, or their heights do where days have no blocks. Only the days up to it decide.
Reads `built_days`, one row per day.
"""

# Of each built day: whether it holds the chain's first block, and whether it joins the days before it. Where days are
# missing before it, its lowest height says whether these have blocks; a day without any cannot say.
JOINS = """
    SELECT *, COALESCE(first_block_height <= 1, false) AS is_first,
           COALESCE(day - day_below = number - number_below OR first_block_height <= height_below + 1, false) AS joins
    FROM (
        SELECT *, max(day) FILTER (WHERE block_count > 0) OVER earlier AS day_below,
               max(number) FILTER (WHERE block_count > 0) OVER earlier AS number_below,
               max(last_block_height) OVER earlier AS height_below
        FROM (SELECT *, row_number() OVER (ORDER BY day) AS number FROM built_days) AS numbered
        WINDOW earlier AS (ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    ) AS neighbours
"""

PAST = f"""
    SELECT *, (is_first OR joins) AND COALESCE(began > COALESCE(broken, '-infinity'), false) AS is_whole
    FROM (
        SELECT *, max(day) FILTER (WHERE is_first) OVER so_far AS began,
               max(day) FILTER (WHERE block_count > 0 AND NOT is_first AND NOT joins) OVER so_far AS broken
        FROM ({JOINS}) AS joined WINDOW so_far AS (ORDER BY day)
    ) AS past
"""

WHOLE_SQL = f"SELECT day FROM ({PAST}) AS past WHERE is_whole AND day BETWEEN {{first}} AND {{last}}"

# The newest day that says something of the chain: one without blocks that is not settled may lie past the tip.
NEWEST_DAY = "SELECT max(day) FROM {ledger} WHERE settled OR block_count > 0"
NEWEST_LOADED = NEWEST_DAY.format(ledger="loaded_days")
NEWEST_BUILT = NEWEST_DAY.format(ledger="built_days")

# Ranges of days that are missing before a day; `first_missing` is null where the chain's first day is not known.
MISSING = f"""
    WITH past AS MATERIALIZED ({PAST})
    SELECT COALESCE(hole.day_below + 1, (SELECT min(chain_first_day) FROM built_days)) AS first_missing,
           hole.day - 1 AS last_missing
    FROM past AS today JOIN past AS hole ON hole.day <= today.day AND NOT hole.is_first AND NOT hole.joins
         AND (hole.block_count > 0 OR hole.day = today.day) AND hole.day >= COALESCE(today.began, '-infinity')
    WHERE today.day = {{day}} AND NOT today.is_whole
"""

# One row: the ranges as text, and the command that loads them; null where the source does not hold them.
MISSING_SQL = f"""
    SELECT string_agg(CASE WHEN first_missing IS NULL THEN 'the days up to ' || last_missing
                           WHEN first_missing > last_missing THEN 'all before ' || first_missing
                           WHEN first_missing = last_missing THEN last_missing::text
                           ELSE first_missing || ' to ' || last_missing END, ', ' ORDER BY last_missing) AS stretches,
           'airflow dags trigger stacks_backfill --conf ''' || json_build_object(
               'from_day', CASE WHEN bool_or(first_missing IS NULL) THEN 'YYYY-MM-DD'
                                ELSE (min(first_missing) FILTER (WHERE first_missing <= last_missing))::text END,
               'to_day', (max(last_missing) FILTER (WHERE (first_missing > last_missing) IS NOT TRUE))::text
           ) || CASE WHEN bool_and(first_missing > last_missing) IS NOT TRUE THEN '''' END AS command
    FROM ({MISSING}) AS missing
    HAVING count(*) > 0
"""
MISSING_NOW_SQL = MISSING_SQL.format(day=f"({NEWEST_BUILT})")

# Days whose present content failed a check of kind ERROR; a day that was rebuilt since is not among them.
FAILED_DAYS = """
    SELECT built.day FROM built_days AS built
    WHERE NOT EXISTS (SELECT FROM loaded_days AS loaded WHERE loaded.day = built.day)
      AND EXISTS (SELECT FROM quality_checks AS outcome
                  WHERE outcome.day = built.day AND outcome.checked_at >= built.built_at
                    AND outcome.kind = 'error' AND NOT outcome.passed)
"""

# Days that were published and are not loaded now: they were rebuilt, and failed their checks or wait for them.
HELD_DAYS = """
    SELECT built.day FROM built_days AS built
    WHERE built.published_revision > 0
      AND NOT EXISTS (SELECT FROM loaded_days AS loaded WHERE loaded.day = built.day)
"""

# Tables whose rows of a day are missing, or older than the day: they failed, or wait for one that did.
FAILED_TABLES = """
    SELECT table_name, min(failure) AS failure FROM built_tables
    WHERE failure IS NOT NULL AND day BETWEEN {first} AND {last} GROUP BY table_name
"""
MISSING_TABLES = """
    SELECT string_agg(lacking.table_name, ', ' ORDER BY lacking.table_name) FROM built_tables AS lacking
    WHERE lacking.day = {day} AND lacking.failure IS NOT NULL
"""
READ_BY_VIEWS = (
    "SELECT view_name, table_name FROM information_schema.view_table_usage WHERE view_schema = current_schema"
)

# Whether figures of a day are to be made that could be.
FIGURES_DUE = "EXISTS (SELECT FROM built_tables AS made WHERE made.day = {day} AND made.due AND made.failure IS NULL)"
