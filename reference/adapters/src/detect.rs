//! Which kind of host this is, from facts about it. The facts can be given, and the answer overridden.

use std::io::IsTerminal as _;

use crate::descriptor::HostKind;

/// What is known of where the process runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// An application embeds the runtime, and says so.
    pub is_embedded: bool,
    /// The program was compiled for WebAssembly in a page.
    pub is_browser: bool,
    /// Something starts and watches the process: a service manager or a container.
    pub is_service: bool,
    /// Standard input and output are a terminal.
    pub has_terminal: bool,
    /// There is a display.
    pub has_display: bool,
}

/// The kind of host, and what showed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Detected {
    /// The kind.
    pub host: HostKind,
    /// What showed it.
    pub sign: Sign,
}

/// What shows the kind of a host, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// Someone said so.
    Override,
    /// An application embeds the runtime.
    Embedded,
    /// The program runs in a page.
    Page,
    /// There is a terminal.
    Terminal,
    /// A service manager or a container runs it.
    Service,
    /// There is a display.
    Display,
    /// There is nothing that a person could use.
    Nothing,
}

/// The name of the environment variable by which a user overrides the detector.
const OVERRIDE: &str = "FAYGER_HOST";

impl Facts {
    /// The facts about this process. An embedding application sets `is_embedded` itself.
    pub fn of_this_process() -> Self {
        let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        Self {
            is_embedded: false,
            is_browser: cfg!(all(target_family = "wasm", target_os = "unknown")),
            is_service: ["NOTIFY_SOCKET", "INVOCATION_ID", "KUBERNETES_SERVICE_HOST", "container"]
                .into_iter()
                .any(is_set),
            has_terminal: std::io::stdin().is_terminal() && std::io::stdout().is_terminal(),
            has_display: cfg!(any(windows, target_os = "macos")) || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY"),
        }
    }

    /// What the user says by the environment variable `FAYGER_HOST`: the name of a kind. None where it is absent or no such name.
    pub fn override_of_this_process() -> Option<HostKind> {
        HostKind::from_name(&std::env::var(OVERRIDE).ok()?)
    }
}

//= ADP-DETECT-001
/// The kind of host that the facts show; `said` overrides them.
pub fn detect(facts: &Facts, said: Option<HostKind>) -> Detected {
    if let Some(host) = said {
        return Detected { host, sign: Sign::Override };
    }
    let signs = [
        (facts.is_embedded, HostKind::InApp, Sign::Embedded),
        (facts.is_browser, HostKind::Browser, Sign::Page),
        // A terminal is a person, also where a service manager started the session.
        (facts.has_terminal, HostKind::Desktop, Sign::Terminal),
        (facts.is_service, HostKind::Server, Sign::Service),
        (facts.has_display, HostKind::Desktop, Sign::Display),
    ];
    let found = signs.into_iter().find(|(is_so, _, _)| *is_so);
    found.map_or(Detected { host: HostKind::Server, sign: Sign::Nothing }, |(_, host, sign)| Detected { host, sign })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(facts: Facts) -> (HostKind, Sign) {
        let detected = detect(&facts, None);
        (detected.host, detected.sign)
    }

    #[test]
    fn tells_the_four_kinds_apart() {
        let nothing = Facts::default();
        assert_eq!(kind(nothing), (HostKind::Server, Sign::Nothing));
        assert_eq!(kind(Facts { has_display: true, ..nothing }), (HostKind::Desktop, Sign::Display));
        assert_eq!(kind(Facts { has_terminal: true, ..nothing }), (HostKind::Desktop, Sign::Terminal));
        assert_eq!(kind(Facts { is_service: true, has_display: true, ..nothing }), (HostKind::Server, Sign::Service));
        assert_eq!(
            kind(Facts { is_service: true, has_terminal: true, ..nothing }),
            (HostKind::Desktop, Sign::Terminal)
        );
        assert_eq!(kind(Facts { is_browser: true, has_display: true, ..nothing }), (HostKind::Browser, Sign::Page));
        let embedded = Facts { is_embedded: true, is_browser: true, is_service: true, has_terminal: true, ..nothing };
        assert_eq!(kind(embedded), (HostKind::InApp, Sign::Embedded));
    }

    #[test]
    fn what_someone_says_overrides_every_fact() {
        for host in HostKind::ALL {
            let facts = Facts { is_embedded: true, ..Facts::default() };
            assert_eq!(detect(&facts, Some(host)), Detected { host, sign: Sign::Override });
            assert_eq!(HostKind::from_name(host.name()), Some(host));
        }
    }
}
