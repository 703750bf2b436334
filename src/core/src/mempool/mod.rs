//! Verified transactions that wait for a block: bounded, the worst-paying ones leave first, a higher
//! fee replaces.
