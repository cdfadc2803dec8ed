"""The only door to git: fetches into bare mirrors, reads by object id, commits and pushes.

Nothing else of the daemon starts git.
"""

from syncd.git.blame import Blamed
from syncd.git.commit import NewCommit, Person
from syncd.git.examination import profile_faults
from syncd.git.failure import is_silence
from syncd.git.history import Commit
from syncd.git.mirror import Mirror
from syncd.git.mirrors import Mirrors
from syncd.git.origin import Fetched
from syncd.git.path_log import FileLog, FileStep
from syncd.git.push import Pushed
from syncd.git.revision import Head
from syncd.git.saved import SAVED
from syncd.git.settings import GitSettings
from syncd.git.tree import FileChange, TreeFile, TreeListing
from syncd.git.version import find_git

__all__ = [
    "SAVED",
    "Blamed",
    "Commit",
    "Fetched",
    "FileChange",
    "FileLog",
    "FileStep",
    "GitSettings",
    "Head",
    "Mirror",
    "Mirrors",
    "NewCommit",
    "Person",
    "Pushed",
    "TreeFile",
    "TreeListing",
    "find_git",
    "is_silence",
    "profile_faults",
]
