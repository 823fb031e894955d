//! Any bytes as any metadata file.
#![no_main]

use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 12] = [
    "a/x.eca",
    "a/x.ecaOauth",
    "a/x.ecaGlblOauth",
    "a/x.ecaOauthPlcy",
    "a/x.ecaPlcy",
    "a/x.profile",
    "a/x.permissionset",
    "a/x.permissionsetgroup",
    "a/x.mutingpermissionset",
    "a/x.transactionSecurityPolicy",
    "a/Security.settings",
    "package.xml",
];

fuzz_target!(|data: &[u8]| {
    let Some((first, bytes)) = data.split_first() else { return };
    let name = NAMES[usize::from(*first) % NAMES.len()];
    shr_fuzz::check(&shr_fuzz::metered(data.len(), || shr_fuzz::judged(name, bytes)));
});
