"""At every effect of a run it fails once in every way, or another run overtakes it: same rows and bytes in the end."""
