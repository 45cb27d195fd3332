//! An S3 server over a directory, in this process.

use std::path::Path;

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// The bucket that it has: a directory of this name.
pub const BUCKET: &str = "artifacts";
/// The key that it knows; it protects nothing.
pub const ACCESS_KEY: &str = "ACCESS";
/// And its secret.
pub const SECRET_KEY: &str = "SECRET-that-is-never-shown";

/// A server that ends with this value.
pub struct S3 {
    _runtime: Runtime,
    /// Its port on 127.0.0.1.
    pub port: u16,
}

impl S3 {
    /// Serves the directory `root`, whose directories are buckets.
    pub fn start(root: &Path) -> Self {
        let mut builder = S3ServiceBuilder::new(FileSystem::new(root).unwrap());
        builder.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
        let service = builder.build();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0))).unwrap();
        let port = listener.local_addr().unwrap().port();
        runtime.spawn(async move {
            let server = Builder::new(TokioExecutor::new());
            while let Ok((socket, _)) = listener.accept().await {
                let connection = server.serve_connection(TokioIo::new(socket), service.clone()).into_owned();
                tokio::spawn(async move {
                    // How a connection ends is its client's business.
                    let _ = connection.await;
                });
            }
        });
        Self { _runtime: runtime, port }
    }
}
