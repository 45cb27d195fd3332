//! nginx over a directory, as the user who runs the tests.

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A server that ends with this value.
pub struct Nginx {
    child: Child,
    /// Its port on 127.0.0.1.
    pub port: u16,
    _home: tempfile::TempDir,
}

impl Nginx {
    /// Serves `root`, with these lines in its `location`. None, and a loud line, where the machine has no nginx.
    pub fn start(root: &Path, location: &str) -> Option<Self> {
        let Some(program) = ["nginx", "/usr/sbin/nginx"].into_iter().find(|program| {
            Command::new(program).arg("-v").stderr(Stdio::null()).status().is_ok_and(|status| status.success())
        }) else {
            println!("SKIPPED: there is no nginx on this machine");
            return None;
        };
        let home = tempfile::tempdir().unwrap();
        // Free a moment ago: nginx cannot choose one itself.
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let at = |name: &str| home.path().join(name).display().to_string();
        let config = format!(
            "daemon off; master_process off; pid {pid}; error_log {error} warn; events {{ worker_connections 64; }}\n\
             http {{ access_log off; client_body_temp_path {t}; proxy_temp_path {t}; fastcgi_temp_path {t}; uwsgi_temp_path {t}; scgi_temp_path {t};\n\
             server {{ listen 127.0.0.1:{port}; location / {{ root {root}; {location} }} }} }}\n",
            pid = at("pid"),
            error = at("error.log"),
            t = at("temporary"),
            root = root.display(),
        );
        std::fs::write(home.path().join("nginx.conf"), config).unwrap();
        let child = Command::new(program)
            .args(["-p", &home.path().display().to_string(), "-c", &at("nginx.conf"), "-e", &at("error.log")])
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let mut server = Self { child, port, _home: home };
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(began.elapsed() < Duration::from_secs(20), "nginx does not listen");
            assert!(server.child.try_wait().unwrap().is_none(), "nginx has ended");
            std::thread::sleep(Duration::from_millis(10));
        }
        Some(server)
    }

    /// The URL of a file.
    pub fn url(&self, name: &str) -> String {
        format!("http://127.0.0.1:{}/{name}", self.port)
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = (self.child.kill(), self.child.wait());
    }
}
