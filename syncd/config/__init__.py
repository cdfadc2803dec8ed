"""The configuration: read once, one frozen value, passed as an argument."""

from syncd.config.credentials import CredentialSettings
from syncd.config.file import load_settings, parse_settings
from syncd.config.limits import Limit, LimitSettings, reported_limits
from syncd.config.rules import KindSettings, RuleLocationSettings
from syncd.config.settings import (
    AuthSettings,
    CatalogSettings,
    DaemonSettings,
    GitSettings,
    HostSettings,
    LocationSettings,
    Settings,
)
from syncd.config.values import Listener, parse_listener

__all__ = [
    "AuthSettings",
    "CatalogSettings",
    "CredentialSettings",
    "DaemonSettings",
    "GitSettings",
    "HostSettings",
    "KindSettings",
    "Limit",
    "LimitSettings",
    "Listener",
    "LocationSettings",
    "RuleLocationSettings",
    "Settings",
    "load_settings",
    "parse_listener",
    "parse_settings",
    "reported_limits",
]
