"""Reads the PostgreSQL database that stacks-blockchain-api writes; changes nothing, drops nothing."""

from stacks_dataverse.extractors.stacks_db.days import DayBlocks
from stacks_dataverse.extractors.stacks_db.source import StacksDb

__all__ = ["DayBlocks", "StacksDb"]
