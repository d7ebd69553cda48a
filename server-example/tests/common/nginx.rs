//! The real nginx on a free port, with the configuration that is meant for production.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// The configuration as it is committed.
const CONFIG: &str = include_str!("../../../deploy/nginx.conf");
/// Where nginx would keep what it cannot hold in memory, as the names of its directives.
const TEMPORARY: [&str; 5] = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];

/// nginx before two replicas, ended with the test.
pub struct Nginx {
    pub addr: SocketAddr,
    folder: TempDir,
    child: Child,
}

impl Nginx {
    /// Returns once it takes connections.
    pub async fn start(replicas: [SocketAddr; 2]) -> Self {
        loop {
            // Free a moment ago. When another test was faster, there is another port.
            let addr = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
            let mut nginx = Self::spawn(addr, replicas);
            super::until(|| nginx.has_ended() || TcpStream::connect(addr).is_ok()).await;
            if !nginx.has_ended() {
                return nginx;
            }
        }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }

    fn spawn(addr: SocketAddr, replicas: [SocketAddr; 2]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().display();
        open(&folder);
        std::fs::write(folder.path().join("nginx.conf"), config(&path.to_string(), addr, replicas)).unwrap();
        let mut command = Command::new("nginx");
        command.args(["-p", &format!("{path}/"), "-c", "nginx.conf", "-e", "error.log"]);
        command.args(["-g", &format!("daemon off; pid {path}/pid;")]).stdout(Stdio::null()).stderr(Stdio::null());
        match command.spawn() {
            Ok(child) => Self { addr, folder, child },
            Err(error) if error.kind() == ErrorKind::NotFound => {
                panic!("nginx is not on the PATH; run `cargo xtask setup`")
            }
            Err(error) => panic!("nginx does not start: {error}"),
        }
    }

    /// Because the port is somebody else's; whatever else there is against starting fails the test.
    fn has_ended(&mut self) -> bool {
        let has_ended = self.child.try_wait().unwrap().is_some();
        if has_ended {
            let log = std::fs::read_to_string(self.folder.path().join("error.log")).unwrap();
            assert!(log.contains("Address already in use"), "{log}");
        }
        has_ended
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // To the master, which ends its workers; killed, it would leave them behind.
        let _ = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        let _ = self.child.wait();
    }
}

/// What is committed, but for where it listens, who is behind it, and where it keeps files.
fn config(folder: &str, addr: SocketAddr, replicas: [SocketAddr; 2]) -> String {
    let mut kept = String::from("http {\n  access_log off;\n");
    for name in TEMPORARY {
        kept.push_str(&format!("  {name}_temp_path {folder}/{name};\n"));
    }
    let mut config = CONFIG.to_owned();
    for (committed, here) in [
        ("http {\n", kept),
        ("natter-1:8787", replicas[0].to_string()),
        ("natter-2:8787", replicas[1].to_string()),
        ("listen 8080;", format!("listen {addr};")),
    ] {
        assert_eq!(config.matches(committed).count(), 1, "{committed:?} in deploy/nginx.conf");
        config = config.replace(committed, &here);
    }
    config
}

/// Workers of an nginx that root starts are somebody else.
fn open(folder: &TempDir) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
}
