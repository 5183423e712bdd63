"""Pieces of SQL on the warehouse that the catalogue and the runners share."""
