"""What can go wrong with the database itself; each message is one plain line without a password."""


class StoreError(Exception):
    """Something about the database that an operator has to know."""


class DatabaseUnusableError(StoreError):
    """The database cannot be used at all: a wrong address, no permission, another program's file, a newer schema."""


class DatabaseUnavailableError(StoreError):
    """The database did not do it this time (busy, locked, restarted); nothing was kept, and trying again is safe."""


class BackupError(StoreError):
    """A backup was not made, or not restored; nothing was changed."""


class DamagedBackupError(BackupError):
    """The file is cut short, altered, or no backup at all."""


class DatabaseInUseError(BackupError):
    """The database is open elsewhere: the server must be stopped first."""
