#!/bin/sh
# Usage: sh verify.sh ORG
# Queries about a user that is still to be created need its name: NEW_USER_01=name sh verify.sh ORG
set -eu
org=${1:?name the alias of the org}
open=0

printf '%s\n' '01 Market Feed: The app'\''s policy once the client is changed; IsClientCredentialsFlowEnabled has to be false:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Market_Feed'\''' || open=1

printf '%s\n' '01 Market Feed: What the user holds; besides its profile only permission sets that the integration needs should be there:'
sf data query --target-org "$org" --query 'SELECT PermissionSet.Name, PermissionSet.Profile.Name, PermissionSetGroup.DeveloperName FROM PermissionSetAssignment WHERE Assignee.Username = '\''market.feed@lumen-orchards.example.com'\''' || open=1

printf '%s\n' '01 Market Feed: Objects whose sharing the user can ignore; no row should be left:'
sf data query --target-org "$org" --query 'SELECT Parent.Name, SobjectType FROM ObjectPermissions WHERE ParentId IN (SELECT PermissionSetId FROM PermissionSetAssignment WHERE Assignee.Username = '\''market.feed@lumen-orchards.example.com'\'') AND (PermissionsModifyAllRecords = true OR PermissionsViewAllRecords = true)' || open=1

printf '%s\n' '02 Garden Sync: What the app'\''s policy says in the org today:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Garden_Sync'\''' || open=1

printf '%s\n' '03 Soil_Lab: What the app'\''s policy says in the org today:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Soil_Lab'\''' || open=1

printf '%s\n' '04 Ernteprognose Süd: What the app'\''s policy says in the org today:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Crop_Forecast'\''' || open=1

exit "$open"
