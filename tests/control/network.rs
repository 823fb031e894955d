//! Login ranges, policies, and the order in which they are judged.

use super::{Row, check, one, twice};
use crate::hardened::{at, range, seen};
use shr::assessment::Outcome;
use shr::snapshot::{IpRelaxation, Located, Seen, Snapshot};

const NETWORK: &str = "network-restricted";

fn ranges(s: &mut Snapshot, all: &[(&str, &str)]) {
    let all: Vec<_> = all.iter().map(|(first, last)| range(first, last)).collect();
    s.access.containers[0].login_ranges = seen(all, "r", "profiles/Sync.profile");
}

fn relaxation(s: &mut Snapshot, value: IpRelaxation) {
    one(s).ip_relaxation = seen(value, "value", "eca/policy");
}

const ROWS: &[Row] = {
    use Outcome::{Fail, NotEvaluable, Pass, Review};
    &[
        ("half of IPv4", |s| ranges(s, &[("0.0.0.0", "127.255.255.255")]), NETWORK, Fail, "everything"),
        ("less than half of IPv4", |s| ranges(s, &[("0.0.0.0", "127.255.255.254")]), NETWORK, Fail, "wide"),
        (
            "half of 2000::/3",
            |s| ranges(s, &[("2000::", "2fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]),
            NETWORK,
            Fail,
            "everything",
        ),
        (
            "1024 addresses in four ranges",
            |s| {
                ranges(
                    s,
                    &[
                        ("203.0.113.0", "203.0.113.255"),
                        ("198.51.100.0", "198.51.100.255"),
                        ("192.0.2.0", "192.0.2.255"),
                        ("8.8.8.0", "8.8.8.255"),
                    ],
                )
            },
            NETWORK,
            Pass,
            "narrow",
        ),
        (
            "1025 addresses in five ranges",
            |s| {
                ranges(
                    s,
                    &[
                        ("203.0.113.0", "203.0.113.255"),
                        ("198.51.100.0", "198.51.100.255"),
                        ("192.0.2.0", "192.0.2.255"),
                        ("8.8.8.0", "8.8.8.255"),
                        ("9.9.9.9", "9.9.9.9"),
                    ],
                )
            },
            NETWORK,
            Fail,
            "wide",
        ),
        (
            "four /64",
            |s| {
                ranges(
                    s,
                    &[
                        ("2001:db8:1::", "2001:db8:1::1"),
                        ("2001:db8:2::", "2001:db8:2::1"),
                        ("2001:db8:3::", "2001:db8:3::1"),
                        ("2001:db8:4::", "2001:db8:4::1"),
                    ],
                )
            },
            NETWORK,
            Pass,
            "narrow",
        ),
        (
            "five /64",
            |s| {
                ranges(
                    s,
                    &[
                        ("2001:db8:1::", "2001:db8:1::1"),
                        ("2001:db8:2::", "2001:db8:2::1"),
                        ("2001:db8:3::", "2001:db8:3::1"),
                        ("2001:db8:4::", "2001:db8:4::1"),
                        ("2001:db8:5::", "2001:db8:5::1"),
                    ],
                )
            },
            NETWORK,
            Fail,
            "wide",
        ),
        (
            "overlapping ranges count once",
            |s| ranges(s, &[("203.0.113.0", "203.0.113.200"), ("203.0.113.100", "203.0.113.255")]),
            NETWORK,
            Pass,
            "narrow",
        ),
        (
            "wide under an unknown policy",
            |s| {
                ranges(s, &[("8.8.0.0", "8.8.8.8")]);
                relaxation(s, IpRelaxation::Unknown);
            },
            NETWORK,
            NotEvaluable,
            "unknown",
        ),
        (
            "everything open under no policy",
            |s| {
                ranges(s, &[("0.0.0.0", "255.255.255.255")]);
                one(s).ip_relaxation = Seen::default();
            },
            NETWORK,
            Fail,
            "everything",
        ),
        (
            "all private under Bypass",
            |s| {
                ranges(s, &[("10.0.0.0", "10.0.0.9")]);
                relaxation(s, IpRelaxation::Bypass);
            },
            NETWORK,
            Fail,
            "bypass",
        ),
        (
            "Bypass, and the user is not known",
            |s| {
                s.access.users.clear();
                relaxation(s, IpRelaxation::Bypass);
            },
            NETWORK,
            Fail,
            "bypass",
        ),
        ("the user is not in a complete export", |s| s.access.users.clear(), NETWORK, NotEvaluable, "unknown"),
        (
            "Bypass_2factor over wide ranges",
            |s| {
                ranges(s, &[("8.8.0.0", "8.8.8.8")]);
                relaxation(s, IpRelaxation::Bypass2Factor);
            },
            NETWORK,
            Review,
            "unknown",
        ),
        (
            "Enforce in one copy, Bypass in the other",
            |s| one(s).ip_relaxation = twice(IpRelaxation::Enforce, "Enforce", IpRelaxation::Bypass, "Bypass"),
            NETWORK,
            Review,
            "unknown",
        ),
        (
            "two policies that both enforce, in different words",
            |s| {
                one(s).ip_relaxation =
                    twice(IpRelaxation::Enforce, "Enforce", IpRelaxation::EnforceRelaxRefresh, "Enforce_RelaxRefresh");
            },
            NETWORK,
            Review,
            "unknown",
        ),
        (
            "copies of the profile with other ranges",
            |s| {
                let other = Located::new(vec![range("8.8.8.8", "8.8.8.8")], "r", at("other/Sync.profile", 3));
                s.access.containers[0].login_ranges.push(other);
            },
            NETWORK,
            Review,
            "unknown",
        ),
        (
            "copies of the profile with the same ranges",
            |s| {
                let other = Located::new(vec![range("203.0.113.7", "203.0.113.7")], "r", at("other/Sync.profile", 3));
                s.access.containers[0].login_ranges.push(other);
            },
            NETWORK,
            Pass,
            "narrow",
        ),
        (
            "a profile known by records only",
            |s| {
                s.access.containers[0].from_file = false;
                s.access.containers[0].login_ranges = Seen::default();
            },
            NETWORK,
            NotEvaluable,
            "unknown",
        ),
    ]
};

#[test]
fn ranges_and_policies() {
    check(ROWS);
}
