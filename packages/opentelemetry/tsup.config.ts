export { packageBuild as default } from "@tooling/tsup";
