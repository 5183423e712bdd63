"""The names of the comparisons with the chain, as `quality_checks` holds them.

Days between the first and the last loaded day that are not loaded; days whose source changed since they were landed;
blocks that do not follow the block before them. None of them blocks publishing: a backfill repairs what they find.
"""

MISSING, CHANGED, UNLINKED = "missing_days", "changed_days", "loose_blocks"

MEANINGS = {
    MISSING: "Every day between the first and the last loaded day is loaded.",
    CHANGED: "The blocks of every loaded day are those that the source has now.",
    UNLINKED: "The parent of every block is the block one height below.",
}
