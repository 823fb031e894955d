//! Any bytes as any record export, JSON or CSV.
#![no_main]

use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 12] = [
    "User.json",
    "User.csv",
    "PermissionSetAssignment.json",
    "PermissionSet.csv",
    "ObjectPermissions.json",
    "ExternalClientApplication.json",
    "ExtlClntAppOauthPlcyCnfg.csv",
    "LoginHistory.csv",
    "ApiTotalUsage.csv",
    "PermissionSetGroup.json",
    "export.json",
    "export.csv",
];

fuzz_target!(|data: &[u8]| {
    let Some((first, bytes)) = data.split_first() else { return };
    let name = NAMES[usize::from(*first) % NAMES.len()];
    shr_fuzz::check(&shr_fuzz::metered(data.len(), || shr_fuzz::judged(name, bytes)));
});
