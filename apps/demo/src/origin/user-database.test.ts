import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { generateUsers } from "./generator.ts";
import { UserDatabase } from "./user-database.ts";
import { writeUserDatabase } from "./user-database-file.ts";

const records = [...generateUsers({ userCount: 10 })];
let folder: string;
let database: UserDatabase;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "user-database-test-"));
  const path = join(folder, "users.sqlite");
  writeUserDatabase(path, records);
  database = new UserDatabase(path);
});

afterEach(async () => {
  database.close();
  await rm(folder, { recursive: true, force: true });
});

describe("UserDatabase", () => {
  it("gives back users, resumes and preferences as they were written", () => {
    for (const { user, resume, preferences } of records) {
      expect(database.user(user.id)).toEqual(user);
      expect(database.resume(user.id)).toEqual(resume);
      expect(database.preferences(user.id)).toEqual(preferences);
    }
  });

  it("gives undefined for a user there is not", () => {
    expect(database.user(99)).toBeUndefined();
    expect(database.resume(99)).toBeUndefined();
    expect(database.preferences(99)).toBeUndefined();
  });

  it("replaces preferences and returns what it stored", () => {
    const update = {
      categories: ["design"],
      cities: ["Paris"],
      remote: "only",
      minimumSalaryEurPerYear: 51_000,
    } as const;
    expect(database.updatePreferences(3, update)).toEqual({ userId: 3, ...update });
    expect(database.preferences(3)).toEqual({ userId: 3, ...update });
    expect(database.preferences(4)).toEqual(records[3]?.preferences);
  });

  it("raises a resume's version with each update", () => {
    const update = { city: "Vienna", yearsOfExperience: 4, skills: ["Go"], text: "Writes Go." };
    expect(database.updateResume(2, update)).toEqual({ userId: 2, version: 2, ...update });
    expect(database.updateResume(2, update)?.version).toBe(3);
    expect(database.resume(2)?.version).toBe(3);
  });

  it("stores nothing for a user there is not", () => {
    const update = { city: "Vienna", yearsOfExperience: 4, skills: [], text: "" };
    expect(database.updateResume(99, update)).toBeUndefined();
    expect(database.resume(99)).toBeUndefined();
  });

  it("counts reads but no updates", () => {
    database.user(1);
    database.resume(1);
    database.preferences(99);
    database.updatePreferences(1, { categories: [], cities: [], remote: "never", minimumSalaryEurPerYear: 0 });
    expect(database.calls).toBe(3);
  });

  it("shows one process's update to another that has the file open", () => {
    const other = new UserDatabase(join(folder, "users.sqlite"));
    database.updateResume(1, { city: "Paris", yearsOfExperience: 1, skills: [], text: "New." });
    expect(other.resume(1)?.text).toBe("New.");
    other.close();
  });

  it("refuses a missing file instead of making an empty one", () => {
    expect(() => new UserDatabase(join(folder, "none.sqlite"))).toThrow("no user database");
  });

  it("may be closed twice", () => {
    database.close();
    expect(() => database.close()).not.toThrow();
    expect(() => database.user(1)).toThrow();
  });

  it("logs users in and out, each time with another session", () => {
    expect(database.session(3)).toEqual(records[2]?.session);
    const first = database.startSession(3);
    const second = database.startSession(3);
    expect(first?.sessionId).not.toBe(second?.sessionId);
    expect(database.session(3)).toEqual(second);
    expect([database.endSession(3), database.endSession(3)]).toEqual([true, false]);
    expect(database.session(3)).toBeUndefined();
    expect(database.startSession(99)).toBeUndefined();
  });

  it("counts users and those who are logged in", () => {
    expect(database.counts()).toEqual({ users: 10, sessions: 10 });
    database.endSession(4);
    expect(database.counts()).toEqual({ users: 10, sessions: 9 });
  });

  it("changes a user's name and nothing else of him", () => {
    expect(database.updateUser(3, { name: "Ada Quinn" })).toEqual({ ...records[2]?.user, name: "Ada Quinn" });
    expect(database.user(3)?.name).toBe("Ada Quinn");
    expect(database.updateUser(99, { name: "Nobody" })).toBeUndefined();
  });

  it("keeps the configuration", () => {
    expect(database.configuration()).toEqual({ notice: "", lowestScore: 0 });
    database.updateConfiguration({ notice: "Back at noon.", lowestScore: 10 });
    expect(database.configuration()).toEqual({ notice: "Back at noon.", lowestScore: 10 });
  });
});
