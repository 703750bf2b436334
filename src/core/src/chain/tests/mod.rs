pub(crate) mod builder;
mod codec;
mod connect;
mod support;
