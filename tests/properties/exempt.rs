//! What may be hidden without a trace, each with its reason. Everything else has to show.
#![allow(clippy::print_stdout)]

use super::hide::{Hide, Site};

/// Changes that are allowed to make a pass.
struct Exempt {
    why: &'static str,
    when: fn(&Hide) -> bool,
}

/// Whether a change is allowed to make a pass of what has this name.
pub(super) fn is_exempt(hide: &Hide, name: &str) -> bool {
    let found = EXEMPT.iter().find(|exempt| (exempt.when)(hide));
    if let Some(exempt) = found.filter(|_| std::env::var_os("SHR_EXEMPT").is_some()) {
        println!("{hide}: {name}: {}", exempt.why);
    }
    found.is_some()
}

fn ends(hide: &Hide, names: &[&str]) -> bool {
    names.iter().any(|name| hide.place.ends_with(name))
}

fn acts(hide: &Hide, acts: &[&str]) -> bool {
    acts.contains(&hide.act.as_str())
}

/// Removed so that the file is as if it had never been there.
const GONE: &[&str] = &["delete", "misspelt", "commented out", "another suffix"];
/// A value of JSON that says the same as none.
const NOTHING: &[&str] = &["delete", "misspelt", "null", "empty", "blank", "listed", "nested", "column deleted"];
const GARBLED: &[&str] = &["garble the end", "garble the start", "twice, the first garbled", "twice, the last garbled"];

const EXEMPT: &[Exempt] = &[
    Exempt {
        why: "metadata files carry no count: a whole block or entry of a list is removed without a trace",
        when: |hide| {
            let blocks = ["/userPermissions", "/objectPermissions", "/loginIpRanges", "/permissionSets"];
            matches!(hide.site, Site::Element(_)) && acts(hide, GONE) && ends(hide, &blocks)
        },
    },
    Exempt {
        why: "one of two contradicting copies is taken away as a whole",
        when: |hide| hide.path.starts_with("extra/") && hide.site == Site::File && acts(hide, GONE),
    },
    Exempt {
        why: "a torn copy without a readable link touches only apps that have no other file of its kind",
        when: |hide| {
            let torn = hide.site == Site::File
                || acts(hide, &["unclosed", "cut off"])
                || ends(hide, &["externalClientApplication"]);
            torn && hide.path.starts_with("extra/") && hide.path.contains(".ecaOauthPlcy")
        },
    },
    Exempt {
        why: "a copy of another package directory that does not state a setting says nothing about it",
        when: |hide| {
            let twofold = hide.path.starts_with("extra/");
            twofold && acts(hide, GONE) && ends(hide, &["isClientCredentialsFlowEnabled"])
        },
    },
    Exempt {
        why: "the secret itself is the fault, and it is gone",
        when: |hide| {
            let gone = acts(hide, &["delete", "empty", "blank", "misspelt", "another suffix"]);
            gone && hide.path.contains(".ecaGlblOauth") && (ends(hide, &["consumerSecret"]) || hide.site == Site::File)
        },
    },
    Exempt {
        why: "an app without a certificate is as usual as one with it",
        when: |hide| {
            let gone = acts(hide, &["delete", "empty", "blank", "misspelt", "commented out"]);
            gone && hide.path.contains(".ecaGlblOauth") && ends(hide, &["/certificate"])
        },
    },
    Exempt {
        why: "the name of the app is another valid name: the file is of another app",
        when: |hide| acts(hide, GARBLED) && ends(hide, &["externalClientApplication"]),
    },
    Exempt {
        why: "the developer's switch decides nothing while the policy is on and no setting is off",
        when: |hide| {
            let plain = !hide.act.starts_with("twice") && !acts(hide, &["unclosed", "cut off"]);
            plain && hide.path.contains(".ecaGlblOauth") && ends(hide, &["isClientCredentialsFlowEnabled"])
        },
    },
    Exempt {
        why: "the record id tells, so the name beside it decides nothing",
        when: |hide| {
            let parent = hide.place.contains("Parent/Name") || hide.place.contains("Parent.Name");
            let app =
                hide.place.contains("/ExternalClientApplication/") || hide.path.contains("ExternalClientApplication.");
            let group = hide.path.contains("PermissionSetGroup") || hide.place.contains("/PermissionSetGroup/");
            let names = ["/Name", "/DeveloperName", "/NamespacePrefix"];
            parent || ((app || group) && ends(hide, &names))
        },
    },
    Exempt {
        why: "the id or the name beside it tells which profile or set it is",
        when: |hide| {
            let of_user = hide.path.contains("/User.") && hide.place.contains("ProfileId");
            let of_set = hide.path.contains("/PermissionSetAssignment.")
                && ["PermissionSet.Name", "PermissionSet.NamespacePrefix"].iter().any(|name| hide.place.contains(name));
            of_user || of_set
        },
    },
    Exempt {
        why: "the set is named, and nothing names a group",
        when: |hide| {
            let lost = matches!(hide.site, Site::Column(_) | Site::Cell(0, _));
            let nothing = (acts(hide, NOTHING) || (lost && acts(hide, GARBLED)))
                && matches!(hide.value.as_str(), "" | "null" | "PermissionSetGroupId");
            nothing && hide.place.contains("PermissionSetGroupId")
        },
    },
    Exempt {
        why: "the profile's file tells what its record leaves out, and the id which profile it is",
        when: |hide| {
            let left_out =
                hide.place.contains("/Permissions") && acts(hide, &["delete", "misspelt", "listed", "nested"]);
            let gone = left_out || hide.act == "another suffix" || hide.act == "delete";
            hide.path.ends_with("/Profile.json") && (gone || ends(hide, &["/Name"]))
        },
    },
    Exempt {
        why: "a retrieval of everything with a manifest is taken at its word: an app without any file is no app",
        when: |hide| hide.path == "externalClientApps/Sync.eca" && hide.site == Site::File && acts(hide, GONE),
    },
    Exempt {
        why: "Type says whose set it is",
        when: |hide| hide.path.ends_with("PermissionSet.json") && ends(hide, &["/IsOwnedByProfile"]),
    },
    Exempt {
        why: "a complete export of object permissions tells what the file leaves out",
        when: |hide| acts(hide, GONE) && hide.place.contains("/objectPermissions/") && hide.place.ends_with("Records"),
    },
    Exempt {
        why: "texts that the platform does not enumerate: another text is another value",
        when: |hide| {
            let texts = ["LoginSubType", "Application", "LoginType", "Status"];
            acts(hide, GARBLED)
                && hide.path.contains("LoginHistory")
                && texts.iter().any(|text| hide.place.contains(text))
        },
    },
    Exempt {
        why: "an empty name beside a muting set takes nothing from what is muted",
        when: |hide| ends(hide, &["/mutingPermissionSets"]) && hide.act.starts_with("twice"),
    },
    Exempt {
        why: "one of two contradicting rows is taken away",
        when: |hide| hide.path.contains("User.") && matches!(hide.site, Site::Row(_)),
    },
];
