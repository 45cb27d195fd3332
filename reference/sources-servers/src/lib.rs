//! Real servers on loopback, started for one test and stopped with it: nginx, where the machine has it, and an S3 server over a directory. And an
//! artifact to serve.
#![cfg(feature = "servers")]
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail as tests do")]

mod artifact;
mod nginx;
mod s3;

pub use artifact::{Sections, request, write};
pub use nginx::Nginx;
pub use s3::{ACCESS_KEY, BUCKET, S3, SECRET_KEY};
