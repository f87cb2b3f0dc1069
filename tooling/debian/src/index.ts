export { DebianPackages, type DebianPackagesOptions, reasonOf } from "./debian-packages.ts";
