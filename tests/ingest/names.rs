//! What a name and an id mean together: apps with and without a namespace, standard profiles in any language.

use super::{container, snapshot};
use shr::snapshot::*;

const FILE: &str = "<ExternalClientApplication><label>Sync</label></ExternalClientApplication>";
const CHILD: &str = "<ExtlClntAppConfigurablePolicies><externalClientApplication>gale__Sync</externalClientApplication><isEnabled>true</isEnabled></ExtlClntAppConfigurablePolicies>";

fn apps(files: &[(&str, &str)]) -> Vec<String> {
    snapshot(files).apps.into_keys().collect()
}

#[test]
fn a_child_with_the_namespace_of_the_org_belongs_to_the_app_without_it() {
    let scoped = "<ExternalClientApplication><label>Sync</label><orgScopedExternalApp>00Dxx0000000001:gale__Sync</orgScopedExternalApp></ExternalClientApplication>";
    let (app, child) = (("a/Sync.eca", FILE), ("a/Sync.ecaPlcy", CHILD));
    let project = ("sfdx-project.json", "{\"namespace\":\"gale\"}");
    let record = "Id,DeveloperName,NamespacePrefix,DistributionState\n0xIxx0000000001EAA,Sync,gale,Local\n";
    let listed = "{\"status\":0,\"result\":[{\"fullName\":\"gale__Bot\",\"fileName\":\"permissionsets/gale__Bot.permissionset\",\"type\":\"PermissionSet\",\"id\":\"0PSxx0000000001AAA\",\"namespacePrefix\":\"gale\",\"manageableState\":\"unmanaged\"}]}";
    let told: &[&[(&str, &str)]] = &[
        &[app, child, project],
        &[("a/Sync.eca", scoped), child],
        &[app, child, ("ExternalClientApplication.csv", record)],
        &[app, child, ("PermissionSet.json", listed)],
    ];
    for files in told {
        assert_eq!(apps(files), ["Sync"], "{files:?}");
    }
    // Without a word about the namespace they are two, and so they are when both have a file.
    let other = ("sfdx-project.json", "{\"namespace\":\"mist\"}");
    let installed = listed.replace("unmanaged", "installed");
    let apart: &[&[(&str, &str)]] = &[
        &[app, child],
        &[app, child, other],
        &[app, child, ("sfdx-project.json", "{\"namespace\":\"\"}")],
        &[app, child, ("PermissionSet.json", &installed)],
        &[app, child, project, ("a/gale__Sync.eca", FILE)],
    ];
    for files in apart {
        assert_eq!(apps(files), ["Sync", "gale__Sync"], "{files:?}");
    }
    assert_eq!(apps(&[child, project]), ["gale__Sync"], "no file has the name without it");
}

#[test]
fn policies_of_one_developer_name_are_told_apart_by_the_id_of_their_app() {
    let list = "Id,DeveloperName,NamespacePrefix\n0xIxx0000000001EAA,Sync,\n0xIxx0000000002EAA,Sync,gale\n";
    let policies = "ExternalClientApplicationId,ExternalClientApplication.DeveloperName,IpRelaxationPolicyType\n0xIxx0000000001EAA,Sync,Enforce\n0xIxx0000000002EAA,Sync,Bypass\n";
    let s = snapshot(&[("ExternalClientApplication.csv", list), ("ExtlClntAppOauthPlcyCnfg.csv", policies)]);
    let relaxation = |name: &str| s.apps[name].ip_relaxation.agreed().unwrap().value;
    assert_eq!((relaxation("Sync"), relaxation("gale__Sync")), (IpRelaxation::Enforce, IpRelaxation::Bypass));
    // Without the list of apps each of them goes by its id, and the local one's file is a third.
    let s = snapshot(&[("a/Sync.eca", FILE), ("ExtlClntAppOauthPlcyCnfg.csv", policies)]);
    assert_eq!(s.apps.keys().collect::<Vec<_>>(), ["0xIxx0000000001EAA", "0xIxx0000000002EAA", "Sync"]);
    assert!(s.apps["Sync"].ip_relaxation.is_empty());
    // One id alone is the app of that name.
    let one = policies.lines().take(2).collect::<Vec<_>>().join("\n");
    assert_eq!(apps(&[("a/Sync.eca", FILE), ("ExtlClntAppOauthPlcyCnfg.csv", &one)]), ["Sync"]);
    assert_eq!(
        apps(&[("a/Sync.eca", FILE), ("a/gale__Sync.eca", FILE), ("ExtlClntAppOauthPlcyCnfg.csv", &one)]),
        ["0xIxx0000000001EAA", "Sync", "gale__Sync"],
    );
}

#[test]
fn a_fault_in_a_row_touches_the_app_that_the_id_tells() {
    let list = "Id,DeveloperName,NamespacePrefix\n0xIxx0000000001EAA,Sync,\n0xIxx0000000002EAA,Sync,gale\n";
    let policies = "ExternalClientApplicationId,ExternalClientApplication.DeveloperName,IpRelaxationPolicyType\n0xIxx0000000002EAA,Sync,Loose\n";
    let s = snapshot(&[("ExternalClientApplication.csv", list), ("ExtlClntAppOauthPlcyCnfg.csv", policies)]);
    assert_eq!(s.problems[0].apps, ["gale__Sync"]);
}

#[test]
fn standard_profiles_are_found_by_their_names_in_other_languages() {
    let names = [
        ("Admin", "System Administrator"),
        ("Admin", "Systemadministrator"),
        ("Admin", "Administrateur système"),
        ("Admin", "Administrador del sistema"),
        ("Admin", "Amministratore del sistema"),
        ("Admin", "Administrador do sistema"),
        ("Admin", "Systeembeheerder"),
        ("Admin", "システム管理者"),
        ("Standard", "Standard User"),
        ("Standard", "Standardbenutzer"),
        ("Standard", "Utilisateur standard"),
        ("Standard", "Usuario estándar"),
        ("Standard", "Utente standard"),
        ("Standard", "Usuário padrão"),
        ("Standard", "Standaardgebruiker"),
        ("Standard", "標準ユーザー"),
        ("ReadOnly", "Lecture seule"),
        ("SolutionManager", "ソリューション管理者"),
    ];
    for (api, name) in names {
        let users = format!(
            "Id,Username,IsActive,ProfileId,Profile.Name\n005xx0000000001AAA,a@example.com,true,00exx0000000001AAA,{name}\n"
        );
        let profile = format!("profiles/{api}.profile");
        let s = snapshot(&[("User.csv", &users), (&profile, "<Profile/>")]);
        assert_eq!(container(&s, ContainerKind::Profile, api).ids.len(), 1, "{name}");
        let index = Index::new(&s.access);
        let by_name = index.container(ContainerKind::Profile, &ContainerRef::Name(name.into()));
        assert_eq!(by_name.map(|profile| profile.name.as_str()), Some(api), "{name}");
    }
    let mut names: Vec<&str> = api_names().collect();
    names.dedup();
    assert_eq!(names.len(), api_names().count());
    assert_eq!(standard_profiles("Authenticated Website").count(), 2);
}
