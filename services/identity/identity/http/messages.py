"""What the refusals of this context say."""

from shared_kernel.chassis.messages import Messages

MESSAGES: Messages = {
    "user-not-found": {"en": "There is no such user.", "es": "No existe ese usuario."},
    "session-not-found": {"en": "There is no such session.", "es": "No existe esa sesión."},
    "email-taken": {
        "en": "Another user has this e-mail address.",
        "es": "Otro usuario tiene este correo electrónico.",
    },
    "last-admin": {
        "en": "This is the last active administrator: somebody must be able to manage the users.",
        "es": "Es el último administrador activo: alguien debe poder gestionar los usuarios.",
    },
    "invalid-credentials": {"en": "Invalid credentials.", "es": "Credenciales inválidas."},
    "too-many-attempts": {
        "en": "Too many failed attempts. Try again in {minutes} min.",
        "es": "Demasiados intentos fallidos. Inténtelo de nuevo dentro de {minutes} min.",
    },
    "not-a-colour": {
        "en": "Must be a colour like #0f766e.",
        "es": "Debe ser un color como #0f766e.",
    },
    "wrong-password": {"en": "This is not your password.", "es": "Esta no es su contraseña."},
}
