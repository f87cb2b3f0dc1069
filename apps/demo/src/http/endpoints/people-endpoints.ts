import type { Services } from "../../service/services.ts";
import { preferencesAnswer, resumeAnswer, sessionAnswer, userAnswer } from "../answer-schema.ts";
import { doing, type Endpoint, reading } from "../endpoint.ts";
import { preferencesBody, resumeBody, userBody, userPath } from "../request-schema.ts";

const noUser = { params: userPath, otherwise: "There is no such user." } as const;

/** What belongs to one person. */
export function peopleEndpoints({ people }: Services): readonly Endpoint[] {
  return [...userEndpoints(people), ...profileEndpoints(people), ...sessionEndpoints(people)];
}

function userEndpoints(people: Services["people"]): readonly Endpoint[] {
  return [
    reading({
      ...noUser,
      path: "/users/:userId",
      summary: "A user.",
      answer: userAnswer,
      read: ({ params: { userId }, wish }) => people.user(userId, wish),
    }),
    doing({
      ...noUser,
      method: "put",
      path: "/users/:userId",
      summary: "Changes a user's name.",
      body: userBody,
      answer: userAnswer,
      run: ({ params: { userId }, body }) => people.updateUser(userId, body),
    }),
  ];
}

function profileEndpoints(people: Services["people"]): readonly Endpoint[] {
  return [
    reading({
      ...noUser,
      path: "/users/:userId/resume",
      summary: "A user's master resume.",
      answer: resumeAnswer,
      read: ({ params: { userId }, wish }) => people.resume(userId, wish),
    }),
    doing({
      ...noUser,
      method: "put",
      path: "/users/:userId/resume",
      summary: "Replaces a user's master resume by its next version.",
      body: resumeBody,
      answer: resumeAnswer,
      run: ({ params: { userId }, body }) => people.updateResume(userId, body),
    }),
    reading({
      ...noUser,
      path: "/users/:userId/preferences",
      summary: "What a user looks for.",
      answer: preferencesAnswer,
      read: ({ params: { userId }, wish }) => people.preferences(userId, wish),
    }),
    doing({
      ...noUser,
      method: "put",
      path: "/users/:userId/preferences",
      summary: "Replaces what a user looks for.",
      body: preferencesBody,
      answer: preferencesAnswer,
      run: ({ params: { userId }, body }) => people.updatePreferences(userId, body),
    }),
  ];
}

function sessionEndpoints(people: Services["people"]): readonly Endpoint[] {
  return [
    reading({
      path: "/users/:userId/session",
      summary: "That a user is logged in.",
      params: userPath,
      answer: sessionAnswer,
      otherwise: "The user is not logged in.",
      read: ({ params: { userId }, wish }) => people.session(userId, wish),
    }),
    doing({
      ...noUser,
      method: "put",
      path: "/users/:userId/session",
      summary: "Logs a user in.",
      answer: sessionAnswer,
      run: ({ params: { userId } }) => people.logIn(userId),
    }),
    doing({
      method: "delete",
      path: "/users/:userId/session",
      summary: "Logs a user out.",
      params: userPath,
      run: ({ params: { userId } }) => people.logOut(userId),
    }),
  ];
}
