//! The arithmetic against independent oracles, the model against its table, and monotonicity over the whole space.

use rayon::prelude::*;
use shr::controls::client_credentials::NetworkState;
use shr::controls::client_credentials::Rule;
use shr::controls::client_credentials::score::{NAMED_STATES, RateLimit, ScopeClass, ScoreInputs, score};
use shr::cvss::{Vector31, Vector40};
use shr::model::{Impact, Level, Score, Tenths};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

const BASE31: &str = "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:N";
const BASE40: &str = "CVSS:4.0/AV:N/AC:L/AT:N/PR:L/UI:N/VC:H/VI:H/VA:N/SC:N/SI:N/SA:N";

fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let head = reader.headers().unwrap().clone();
    reader
        .records()
        .map(|row| head.iter().map(str::to_owned).zip(row.unwrap().iter().map(str::to_owned)).collect())
        .collect()
}

fn known(impact: Impact) -> ScoreInputs {
    ScoreInputs {
        base31: BASE31.to_owned(),
        base40: BASE40.to_owned(),
        range_high: Tenths(89),
        impact,
        complete: true,
        rate: RateLimit::Unknown,
        scopes: ScopeClass::Data,
        network: NetworkState::None,
        secret_exposed: false,
        flow_unknown: false,
        if_on: false,
    }
}

fn impacts() -> Vec<Impact> {
    let levels = [Level::N, Level::L, Level::H];
    let all = levels.iter().flat_map(|c| levels.iter().flat_map(move |i| levels.map(|a| (*c, *i, a))));
    all.map(|(c, i, a)| Impact { c, i, a }).collect()
}

/// Every state of the evidence.
fn space() -> Vec<ScoreInputs> {
    let mut all = Vec::new();
    for impact in impacts() {
        for complete in [true, false] {
            for rate in [RateLimit::Present, RateLimit::Unknown, RateLimit::Absent] {
                for scopes in [ScopeClass::Identity, ScopeClass::Unknown, ScopeClass::Data] {
                    for network in NetworkState::ALL {
                        for secret_exposed in [false, true] {
                            let network = *network;
                            all.push(ScoreInputs { complete, rate, scopes, network, secret_exposed, ..known(impact) });
                        }
                    }
                }
            }
        }
    }
    all
}

/// Every state with its score, each scored once.
static SCORED: LazyLock<Vec<(ScoreInputs, Score)>> =
    LazyLock::new(|| space().into_par_iter().map(|inputs| (inputs.clone(), score(&inputs))).collect());

fn place<T: PartialEq>(all: &[T], one: &T) -> usize {
    all.iter().position(|known| known == one).unwrap()
}

/// The score of a state of [`space`], by its place there.
fn scored(inputs: &ScoreInputs) -> &'static Score {
    let rates = [RateLimit::Present, RateLimit::Unknown, RateLimit::Absent];
    let scopes = [ScopeClass::Identity, ScopeClass::Unknown, ScopeClass::Data];
    let parts = [
        (27, place(&impacts(), &inputs.impact)),
        (2, place(&[true, false], &inputs.complete)),
        (3, place(&rates, &inputs.rate)),
        (3, place(&scopes, &inputs.scopes)),
        (NetworkState::ALL.len(), place(NetworkState::ALL, &inputs.network)),
        (2, place(&[false, true], &inputs.secret_exposed)),
    ];
    let at = parts.iter().fold(0, |at, (size, part)| at * size + part);
    let (known, result) = &SCORED[at];
    assert_eq!(known, inputs, "the table is in another order than the space");
    result
}

#[test]
fn cvss31_agrees_with_the_base_oracle() {
    let all = rows(include_str!("data/oracle_v31.csv"));
    assert_eq!(all.len(), 2592);
    for row in all {
        assert_eq!(Vector31::parse(&row["vector"]).unwrap().base().to_string(), row["base_score"], "{}", row["vector"]);
    }
}

#[test]
fn cvss31_agrees_with_the_environmental_oracle() {
    let all = rows(include_str!("data/oracle_v31_env.csv"));
    assert_eq!(all.len(), 4000);
    for row in all {
        let vector = Vector31::parse(&row["vector"]).unwrap();
        assert_eq!(vector.base().to_string(), row["base_score"], "{}", row["vector"]);
        assert_eq!(vector.temporal().to_string(), row["temporal_score"], "{}", row["vector"]);
        assert_eq!(vector.environmental().to_string(), row["environmental_score"], "{}", row["vector"]);
        let second: cvss::v3::Vector = row["vector"].parse().unwrap();
        assert_eq!(format!("{:.1}", second.environmental_score().value()), row["environmental_score"]);
    }
}

#[test]
fn cvss40_agrees_with_the_oracle() {
    let all = rows(include_str!("data/oracle_v40.csv"));
    assert_eq!(all.len(), 5329);
    for row in all {
        assert_eq!(Vector40::parse(&row["vector"]).unwrap().score().to_string(), row["score"], "{}", row["vector"]);
    }
}

#[test]
fn incomplete_and_malformed_vectors_are_refused() {
    for text in [
        "",
        "CVSS:3.1/AV:N",
        "CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:N",
        "CVSS:3.1/AV:N/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:N",
        "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:Q",
        "CVSS:3.1/AV:X/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:N",
        "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:N/",
    ] {
        assert_eq!(Vector31::parse(text), None, "{text}");
    }
    assert!(Vector40::parse("CVSS:4.0/AV:N").is_none());
}

#[test]
fn the_model_emits_vectors_of_the_golden_file_with_their_scores() {
    let golden: BTreeMap<String, String> = rows(include_str!("data/model_golden.csv"))
        .iter()
        .map(|row| (row["vector"].clone(), row["score"].clone()))
        .collect();
    assert_eq!(golden.len(), 216);
    for (vector, expected) in &golden {
        let scored = match Vector31::parse(vector) {
            Some(vector) => vector.environmental(),
            None => Vector40::parse(vector).unwrap().score(),
        };
        assert_eq!(scored.to_string(), *expected, "{vector}");
    }
    let mut emitted = BTreeSet::new();
    for (inputs, result) in SCORED.iter() {
        for (vector, tenths) in [&result.residual31, &result.residual40, &result.inherent31, &result.inherent40] {
            assert_eq!(golden.get(vector), Some(&tenths.to_string()), "{vector} from {inputs:?}");
            emitted.insert(vector.clone());
        }
    }
    assert_eq!(
        emitted.len(),
        golden.len(),
        "not emitted: {:?}",
        golden.keys().filter(|v| !emitted.contains(*v)).collect::<Vec<_>>()
    );
}

#[test]
fn the_truth_table_holds_in_score_vector_range_and_confidence() {
    let all = rows(include_str!("data/model_table_27.csv"));
    assert_eq!(all.len(), 27);
    for row in all {
        let (impact, complete) = match row["broad_privilege"].as_str() {
            "yes" => (NAMED_STATES[5], true),
            "no" => (NAMED_STATES[1], true),
            _ => (Impact::NONE, false),
        };
        let network = match row["ip_restricted_narrow"].as_str() {
            "yes" => NetworkState::Narrow,
            "no" => NetworkState::None,
            _ => NetworkState::Unknown,
        };
        let rate = match row["rate_limited"].as_str() {
            "yes" => RateLimit::Present,
            "no" => RateLimit::Absent,
            _ => RateLimit::Unknown,
        };
        let result = score(&ScoreInputs { complete, network, rate, ..known(impact) });
        let range = |interval: shr::model::Interval| format!("{}-{}", interval.low, interval.high);
        assert_eq!(result.residual31.0, row["cvss31_vector"]);
        assert_eq!(result.residual31.1.to_string(), row["cvss31_score"], "{row:?}");
        assert_eq!(result.residual40.0, row["cvss40_vector"]);
        assert_eq!(result.residual40.1.to_string(), row["cvss40_score"], "{row:?}");
        assert_eq!(range(result.interval31), row["range31"], "{row:?}");
        assert_eq!(range(result.interval40), row["range40"], "{row:?}");
        assert_eq!(result.confidence.word(), row["confidence"], "{row:?}");
        assert_eq!(result.severity.word(), row["severity"].to_lowercase(), "{row:?}");
    }
}

fn both(inputs: &ScoreInputs) -> (Tenths, Tenths) {
    let result = scored(inputs);
    (result.residual31.1, result.residual40.1)
}

fn not_below(worse: &ScoreInputs, better: &ScoreInputs) {
    let (high, low) = (both(worse), both(better));
    assert!(high.0 >= low.0 && high.1 >= low.1, "{worse:?} scores {high:?}, {better:?} scores {low:?}");
}

#[test]
fn worse_evidence_never_lowers_a_score_and_unknown_is_not_below_known_good() {
    for (one, _) in SCORED.iter() {
        for impact in impacts().into_iter().filter(|more| (*more).max(one.impact) == *more) {
            not_below(&ScoreInputs { impact, ..one.clone() }, one);
        }
        not_below(&ScoreInputs { secret_exposed: true, ..one.clone() }, one);
        not_below(&ScoreInputs { rate: RateLimit::Absent, ..one.clone() }, one);
        not_below(one, &ScoreInputs { rate: RateLimit::Present, ..one.clone() });
        not_below(one, &ScoreInputs { scopes: ScopeClass::Identity, ..one.clone() });
        not_below(one, &ScoreInputs { network: NetworkState::Narrow, ..one.clone() });
        not_below(&ScoreInputs { network: NetworkState::None, ..one.clone() }, one);
        if one.complete && one.impact.max(NAMED_STATES[4]) == NAMED_STATES[4] {
            not_below(&ScoreInputs { complete: false, ..one.clone() }, one);
        }
    }
}

#[test]
fn the_interval_holds_the_score_and_is_a_point_when_nothing_is_open() {
    for (inputs, result) in SCORED.iter() {
        for (interval, tenths) in [(result.interval31, result.residual31.1), (result.interval40, result.residual40.1)] {
            assert!(interval.low <= tenths && tenths <= interval.high, "{inputs:?}: {tenths} not in {interval}");
        }
        let open = !inputs.complete
            || inputs.rate == RateLimit::Unknown
            || inputs.scopes == ScopeClass::Unknown
            || inputs.network == NetworkState::Unknown;
        assert!(open || result.interval31.low == result.interval31.high);
    }
}

#[test]
fn only_an_exposed_secret_exceeds_the_published_range() {
    for (inputs, result) in SCORED.iter() {
        assert!(!result.above_range || inputs.secret_exposed, "{inputs:?}");
        assert_eq!(result.above_range, result.residual31.1 > Tenths(89));
    }
    assert!(score(&ScoreInputs { secret_exposed: true, ..known(NAMED_STATES[5]) }).above_range);
}

#[test]
fn steps_come_in_order_and_end_at_the_residual() {
    for (_, result) in SCORED.iter() {
        assert_eq!(result.steps.iter().map(|step| Rule::read(&step.rule).unwrap()).collect::<Vec<_>>(), Rule::ALL);
        let last = result.steps.last().unwrap();
        assert_eq!((last.score31, last.score40), (result.residual31.1, result.residual40.1));
        assert!(result.steps.iter().all(|step| step.applied || step.metrics.is_empty()));
    }
}

#[test]
fn the_arithmetic_can_be_redone_with_pencil_and_paper() {
    let result = score(&ScoreInputs { network: NetworkState::Narrow, ..known(NAMED_STATES[1]) });
    assert_eq!(
        result.arithmetic,
        [
            "MISS = min(1 - (1 - 0.22) x (1 - 0.22) x (1 - 0), 0.915) = 0.391600",
            "Modified impact = 6.42 x 0.391600 = 2.514072",
            "Modified exploitability = 8.22 x 0.62 x 0.44 x 0.62 x 0.85 = 1.181753",
            "Environmental score = roundup(min(2.514072 + 1.181753, 10)) = roundup(3.695825) = 3.7",
        ]
    );
}
