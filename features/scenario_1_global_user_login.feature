@scenario_1
Feature: Scenario 1: global user login
  A user logs in in the US and travels to Europe. The app there reads the profile from its own region, and shows the
  recent login.

  Background:
    Given this profile of the participant is in both regions:
      """json
      {
        "PK": "USER#global-user-[your-name]",
        "SK": "PROFILE",
        "user_id": "global-user-[your-name]",
        "name": "[Your Name] Global",
        "email": "[your-name]@global.com",
        "last_login": "2025-08-10T07:00:00Z",
        "last_login_region": "eu-west-1"
      }
      """

  Rule: A login in one region is visible in the other

    @claim:S1.1 @claim:X.5
    Scenario: The recent login is visible where the user travels to
      When the user logs in in us-east-1 at 15:31:00
      Then the app in eu-west-1 shows the login of 15:31:00 in us-east-1 within 2 minutes

    @beyond_the_page
    Scenario: It works in the other direction, too
      When the user logs in in eu-west-1 at 15:31:00
      Then the app in us-east-1 shows the login of 15:31:00 in eu-west-1 within 2 minutes

  Rule: Before it arrives, the previous login is shown, and never something in between

    @beyond_the_page @simulated_only @chosen_lag
    Scenario: An app that reads too early still shows the previous login
      Given replication from us-east-1 to eu-west-1 takes 30 seconds
      When the user logs in in us-east-1 at 15:31:00
      Then the app in eu-west-1 still shows the previous login
      And the app in us-east-1 already shows the login of 15:31:00 in us-east-1
      And the app in eu-west-1 shows the login of 15:31:00 in us-east-1 within 1 minute

    @beyond_the_page
    Scenario: Whenever the app reads, it shows one whole login
      When the user logs in in us-east-1 at 15:31:00
      And the app in eu-west-1 reads the profile again and again for 5 seconds
      Then each read shows the previous login or the recent one, whole, and never the previous one after the recent one
