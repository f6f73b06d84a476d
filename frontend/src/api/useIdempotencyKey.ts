/** One Idempotency-Key per form filling: kept while the outcome is unknown, renewed once the server has answered. */
import { useRef } from "react";
import { newIdempotencyKey } from "./headers";
import { asProblem } from "./problem";

export function useIdempotencyKey(): <T>(send: (key: string) => Promise<T>) => Promise<T> {
  const key = useRef(newIdempotencyKey());
  return async (send) => {
    try {
      const answer = await send(key.current);
      key.current = newIdempotencyKey();
      return answer;
    } catch (error) {
      if (asProblem(error).isDefinite) key.current = newIdempotencyKey();
      throw error;
    }
  };
}
