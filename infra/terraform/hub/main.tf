# The hub from the package that `npm run build && npx osls package` leaves in .serverless: uploads its zips and deploys its
# template, with the zips' bucket put in place of the one that osls would have made.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

variable "package" {
  description = "The directory .serverless"
  type        = string
}

variable "bucket" {
  description = "A bucket of yours for the zips and the template"
  type        = string
}

variable "parameters" {
  description = "As infra/parameters.schema.json; lists joined with commas"
  type        = map(string)
  default     = {}
}

locals {
  template = jsondecode(file("${var.package}/cloudformation-template-update-stack.json"))
  functions = {
    for id, resource in local.template.Resources : id => resource
    if resource.Type == "AWS::Lambda::Function"
  }
  # .serverless/<function>.zip, under a key that changes with its content.
  zips = {
    for id, resource in local.functions : id => {
      file = "${var.package}/${basename(resource.Properties.Code.S3Key)}"
      key  = "netpol-warden/${filesha256("${var.package}/${basename(resource.Properties.Code.S3Key)}")}.zip"
    }
  }
  others = {
    for id, resource in local.template.Resources : id => resource
    if !startswith(id, "ServerlessDeploymentBucket") && resource.Type != "AWS::Lambda::Function"
  }
  deployed = {
    for id, resource in local.functions : id => merge(resource, {
      Properties = merge(resource.Properties, { Code = { S3Bucket = var.bucket, S3Key = local.zips[id].key } })
    })
  }
  outputs = { for name, output in local.template.Outputs : name => output if name != "ServerlessDeploymentBucketName" }
  body    = jsonencode(merge(local.template, { Resources = merge(local.others, local.deployed), Outputs = local.outputs }))
}

resource "aws_s3_object" "zip" {
  for_each = local.zips
  bucket   = var.bucket
  key      = each.value.key
  source   = each.value.file
}

# Above 51,200 bytes CloudFormation takes a template only from S3.
resource "aws_s3_object" "template" {
  bucket  = var.bucket
  key     = "netpol-warden/${sha256(local.body)}.json"
  content = local.body
}

resource "aws_cloudformation_stack" "hub" {
  name         = "netpol-warden-prod"
  template_url = "https://${var.bucket}.s3.amazonaws.com/${aws_s3_object.template.key}"
  capabilities = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"]
  parameters   = var.parameters
  depends_on   = [aws_s3_object.zip]
}

output "outputs" {
  value = aws_cloudformation_stack.hub.outputs
}
