//! The control's words, as its catalogue declares them.

use crate::model::words;

words! {
    /// Why an app passes.
    Basis {
        /// The flow is off.
        FlowOff = "flow_off",
        /// The flow is off and JWT bearer with a good certificate stands in its place.
        ReplacedByJwt = "replaced_by_jwt",
        /// The flow is on, but cannot be used today.
        Dormant = "dormant",
        /// The flow is on, its privilege and network are narrow, its secret is not exposed.
        Hardened = "hardened",
    }
}

words! {
    /// The five rules that may move a score, in their order.
    Rule {
        /// Privilege of the execution user.
        Privilege = "P",
        /// No rate limit.
        RateLimit = "R",
        /// Identity scopes only.
        Scopes = "S",
        /// Narrow network.
        Network = "N",
        /// Exposed secret.
        Secret = "X",
    }
}

words! {
    /// Kinds of actions, in the order of the catalogue.
    ActionKind {
        /// Rotate a secret that stands in clear text.
        Rotate = "rotate",
        /// Give apps an execution user of their own.
        OwnUser = "own_user",
        /// Take permission sets away from an integration's user, once a minimal one is there.
        Rights = "rights",
        /// Give an integration's user a profile of its own, which takes the login ranges.
        OwnProfile = "own_profile",
        /// Narrow login ranges on a profile that nobody else has.
        Ranges = "ranges",
        /// Let the app's policy enforce the ranges that are there.
        Enforce = "enforce",
        /// Finish a move to JWT bearer that has begun.
        Finish = "finish",
        /// Switch the flow off.
        Disable = "disable",
        /// Replace the flow by JWT bearer.
        Jwt = "jwt",
        /// Find out what decides between the ways.
        Settle = "settle",
        /// Supply exports.
        Export = "export",
        /// Answer questions.
        Answer = "answer",
        /// Switch a dormant flow off for good.
        Tidy = "tidy",
    }
}
