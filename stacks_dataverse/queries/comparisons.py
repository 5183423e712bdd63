"""The names of the comparisons with the chain, as `quality_checks` holds them.

Days between the first and the last loaded day that are not loaded; days whose source changed since they were landed;
blocks that do not follow the block before them. None of them blocks publishing: a backfill repairs what they find.
"""

MISSING, CHANGED, UNLINKED = "missing_days", "changed_days", "loose_blocks"
