#!/bin/sh
# Usage: sh verify.sh ORG
set -eu
org=${1:?name the alias of the org}

printf '%s\n' '01 Rate Card Publisher Zürich: The app'\''s policy once the client is changed; IsClientCredentialsFlowEnabled has to be false:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Rate_Card_Publisher'\'''

printf '%s\n' '01 Rate Card Publisher Zürich: What the new user holds, its user name in place of NEW_USER; nothing but the profile and the new permission set should be there:'
sf data query --target-org "$org" --query 'SELECT PermissionSet.Name, PermissionSet.Profile.Name, PermissionSetGroup.DeveloperName FROM PermissionSetAssignment WHERE Assignee.Username = '\''NEW_USER'\'''

printf '%s\n' '01 Rate Card Publisher Zürich: Objects whose sharing the user can ignore; no row should be left:'
sf data query --target-org "$org" --query 'SELECT Parent.Name, SobjectType FROM ObjectPermissions WHERE ParentId IN (SELECT PermissionSetId FROM PermissionSetAssignment WHERE Assignee.Username = '\''NEW_USER'\'') AND (PermissionsModifyAllRecords = true OR PermissionsViewAllRecords = true)'

printf '%s\n' '02 Customs Declaration: The app'\''s policy once the client is changed; IsClientCredentialsFlowEnabled has to be false:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Customs_Declaration'\'''

printf '%s\n' '03 Carrier Tracking Sync: What the app'\''s policy says in the org today:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Carrier_Tracking_Sync'\'''

printf '%s\n' '04 Claims Intake: What the app'\''s policy says in the org today:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Claims_Intake'\'''

printf '%s\n' '05 Data Warehouse Loader: What the app'\''s policy says in the org today:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Data_Warehouse_Loader'\'''

printf '%s\n' '06 Dock Gateway: What the app'\''s policy says in the org today:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Dock_Gateway'\'''

printf '%s\n' '07 Invoice Archive: What the app'\''s policy says in the org today:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Invoice_Archive'\'''

printf '%s\n' '08 Order Intake: What the app'\''s policy says in the org today:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Order_Intake'\'''

printf '%s\n' '09 Route Optimizer: What the app'\''s policy says in the org today:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''hldpkg__Route_Optimizer'\'''

printf '%s\n' '10 Sandbox Seeder: What the app'\''s policy says in the org today:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Sandbox_Seeder'\'''

printf '%s\n' '11 Warehouse Portal: What the app'\''s policy says in the org today:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Warehouse_Portal'\'''

printf '%s\n' '12 Yard Scheduler: What the app'\''s policy says in the org today:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Yard_Scheduler'\'''

printf '%s\n' '13 Freight Quote Express: What the app'\''s policy says in the org today:'
sf data query --target-org "$org" --query 'SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '\''Freight_Quote'\'''
