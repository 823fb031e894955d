//! Login ranges, policies, and the order in which they are judged.

use super::{Row, check, one, twice};
use crate::hardened::{at, judge, range, seen, snapshot};
use shr::controls::client_credentials::Stated;
use shr::model::AddressBlock;
use shr::model::Outcome;
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
            "from :: to the end of the first /64: one /64 by its size, and IPv4 lies in it",
            |s| ranges(s, &[("::", "::ffff:ffff:ffff:ffff")]),
            NETWORK,
            Fail,
            "everything",
        ),
        (
            "from below the IPv4 block into it",
            |s| ranges(s, &[("::fffe:ffff:ffff", "::ffff:203.0.113.5")]),
            NETWORK,
            Fail,
            "everything",
        ),
        ("from the IPv4 block out of it", |s| ranges(s, &[("::ffff:203.0.113.5", "::1:0:0:0")]), NETWORK, Fail, "wide"),
        (
            "a few IPv4 addresses across the edge are nothing that an org can hold",
            |s| ranges(s, &[("203.0.113.1", "203.0.113.2"), ("::ffff:255.255.255.250", "::1:0:0:5")]),
            NETWORK,
            NotEvaluable,
            "unknown",
        ),
        (
            "IPv4 addresses as IPv6 writes them",
            |s| ranges(s, &[("::ffff:203.0.113.0", "203.0.113.15")]),
            NETWORK,
            Pass,
            "narrow",
        ),
        ("IPv4 to IPv6", |s| ranges(s, &[("203.0.113.0", "2001:db8::1")]), NETWORK, NotEvaluable, "unknown"),
        ("multicast only", |s| ranges(s, &[("224.0.0.0", "239.255.255.255")]), NETWORK, Review, "unknown"),
        ("two blocks next to each other", |s| ranges(s, &[("239.0.0.0", "250.0.0.0")]), NETWORK, Review, "unknown"),
        ("a block and more", |s| ranges(s, &[("9.0.0.0", "10.255.255.255")]), NETWORK, Fail, "wide"),
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
            "wide-ipv6",
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

#[test]
fn addresses_that_no_caller_has_are_named_as_what_they_are() {
    use AddressBlock::*;
    let named = [
        (("10.0.0.0", "10.0.0.9"), Private),
        (("fd00::", "fd00::9"), Private),
        (("100.64.0.0", "100.64.0.9"), Shared),
        (("127.0.0.1", "127.0.0.1"), Loopback),
        (("::1", "::1"), Loopback),
        (("169.254.0.0", "169.254.0.9"), LinkLocal),
        (("fe80::", "fe80::9"), LinkLocal),
        (("224.0.0.0", "239.255.255.255"), Multicast),
        (("ff02::", "ff02::9"), Multicast),
        (("240.0.0.0", "255.255.255.255"), Reserved),
        (("4000::", "4000::9"), Reserved),
        (("0.0.0.0", "0.0.0.9"), Unspecified),
        (("::", "::"), Unspecified),
        (("203.0.113.0", "203.0.113.9"), Public),
        (("2001:db8::", "2001:db8::9"), Public),
    ];
    for (pair, block) in named {
        let mut changed = snapshot();
        ranges(&mut changed, &[pair]);
        let finding = judge(&changed);
        let shown: Vec<_> = finding.network().ranges.iter().map(|range| range.block).collect();
        assert_eq!(shown, [block], "{pair:?}");
        let question = finding.questions.iter().any(|question| question.text.key == "gap.ranges-aside");
        assert_eq!(question, block != Public, "{pair:?}");
    }
}
