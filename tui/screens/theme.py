"""The colours that the application has of itself."""

from textual.theme import Theme

CATALOG_DARK = Theme(
    name="catalog-dark",
    primary="#4cc2b0",
    secondary="#4cc2b0",
    accent="#4cc2b0",
    foreground="#d7dce2",
    background="#11151a",
    surface="#171c22",
    panel="#1d232a",
    success="#79c98b",
    warning="#e0b25a",
    error="#ec7f78",
    dark=True,
    variables={"input-selection-background": "#4cc2b0 30%"},
)
