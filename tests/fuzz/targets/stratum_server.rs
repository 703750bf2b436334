//! See `farthing_fuzz::stratum_server`.
#![cfg_attr(fuzzing, no_main)]

farthing_fuzz::target!(stratum_server);
