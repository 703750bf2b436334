//! Partial trees, branches, roots, whole blocks.
