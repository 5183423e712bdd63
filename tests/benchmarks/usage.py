"""What a process has used so far; needs nothing but Python, of any environment."""

import resource
from pathlib import Path


def cpu_seconds() -> float:
    """Of this process and of its children that have ended."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def peak_megabytes() -> float:
    """Of this process since it began; getrusage would count the parent's, from before the exec."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024
