"""Every effect of a run fails once, in every way: the next run leaves the same rows and the same bytes."""
