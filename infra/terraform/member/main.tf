# The member account's stack, as it is deployed by StackSets too: role, forwarding rules, subscriptions.
# One instance per Region; the roles are made in the home Region, so depend the others on that one.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

variable "hub_role_arns" {
  description = "Output AuditRoleArns of the hub's stack"
  type        = list(string)
}

variable "external_id" {
  description = "The same as in the hub's settings.json"
  type        = string
  sensitive   = true
}

variable "home_region" {
  description = "The Region in which the roles are made"
  type        = string
}

variable "hub_bus_arn" {
  description = "Output BusArn of the hub's stack; empty where this account forwards no events"
  type        = string
  default     = ""
}

variable "logs_destination_arn" {
  description = "Output LogsDestinationArn of the hub's stack; empty where no denied flows are sent"
  type        = string
  default     = ""
}

variable "log_groups" {
  description = "Up to five log groups /aws/eks/<cluster>/cluster"
  type        = list(string)
  default     = []
}

variable "hub_publish_role_arns" {
  description = "Output PublishRoleArns of the hub's stack, to have findings imported into Security Hub"
  type        = list(string)
  default     = []
}

variable "answer_lifecycle_hooks" {
  description = "Whether the hub may answer lifecycle hooks of Auto Scaling groups"
  type        = bool
  default     = false
}

resource "aws_cloudformation_stack" "member" {
  name          = "netpol-warden-member"
  template_body = file("${path.module}/../../spoke/member-account.yml")
  capabilities  = ["CAPABILITY_NAMED_IAM"]

  parameters = {
    HubRoleArns          = join(",", var.hub_role_arns)
    ExternalId           = var.external_id
    HomeRegion           = var.home_region
    HubBusArn            = var.hub_bus_arn
    LogsDestinationArn   = var.logs_destination_arn
    LogGroups            = join(",", var.log_groups)
    HubPublishRoleArns   = join(",", var.hub_publish_role_arns)
    AnswerLifecycleHooks = var.answer_lifecycle_hooks ? "on" : "off"
  }
}

output "reader_role_arn" {
  value = aws_cloudformation_stack.member.outputs["ReaderRoleArn"]
}
