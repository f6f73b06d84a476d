/** Short confirmations. They never name a person: the screen may be seen from the waiting room. */
import { toast } from "sonner";

export const said = (text: string): void => void toast.success(text);
export const saidProblem = (text: string): void => void toast.error(text);
