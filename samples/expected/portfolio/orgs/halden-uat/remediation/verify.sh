#!/bin/sh
# Usage: sh verify.sh ORG
set -eu
org=${1:?name the alias of the org}

printf '%s\n' '01 Carrier Tracking Sync: The app'\''s policy once the client is changed; IsClientCredentialsFlowEnabled has to be false:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Carrier_Tracking_Sync'\'''

printf '%s\n' '01 Carrier Tracking Sync: What the user holds; nothing but the profile and the new permission set should be left:'
sf data query --target-org "$org" --query 'SELECT PermissionSet.Name, PermissionSet.Profile.Name, PermissionSetGroup.DeveloperName FROM PermissionSetAssignment WHERE Assignee.Username = '\''svc.tracking@halden-freight.example.com.uat'\'''

printf '%s\n' '01 Carrier Tracking Sync: Objects whose sharing the user can ignore; no row should be left:'
sf data query --target-org "$org" --query 'SELECT Parent.Name, SobjectType FROM ObjectPermissions WHERE ParentId IN (SELECT PermissionSetId FROM PermissionSetAssignment WHERE Assignee.Username = '\''svc.tracking@halden-freight.example.com.uat'\'') AND (PermissionsModifyAllRecords = true OR PermissionsViewAllRecords = true)'

printf '%s\n' '02 Dock Gateway: What the app'\''s policy says in the org today:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Dock_Gateway'\'''

printf '%s\n' '03 Customs Declaration: The app'\''s policy once the client is changed; IsClientCredentialsFlowEnabled has to be false:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Customs_Declaration'\'''

printf '%s\n' '03 Customs Declaration: What the user holds; nothing but the profile and the new permission set should be left:'
sf data query --target-org "$org" --query 'SELECT PermissionSet.Name, PermissionSet.Profile.Name, PermissionSetGroup.DeveloperName FROM PermissionSetAssignment WHERE Assignee.Username = '\''svc.customs@halden-freight.example.com.uat'\'''

printf '%s\n' '03 Customs Declaration: Objects whose sharing the user can ignore; no row should be left:'
sf data query --target-org "$org" --query 'SELECT Parent.Name, SobjectType FROM ObjectPermissions WHERE ParentId IN (SELECT PermissionSetId FROM PermissionSetAssignment WHERE Assignee.Username = '\''svc.customs@halden-freight.example.com.uat'\'') AND (PermissionsModifyAllRecords = true OR PermissionsViewAllRecords = true)'
