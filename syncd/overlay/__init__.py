"""The overlay: custom properties beside what git says. Paths, merging, and the one `apply` of every change."""
